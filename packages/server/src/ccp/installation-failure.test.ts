import { decode, iso15118_2 } from '@plugpool/exi';
import { expect, test } from 'vitest';
import { failureRes } from './installation-failure.ts';

/** A failure as a public ecosystem prints it in its interface description (OPCP, install by request, 404). */
const ofTheField = 'gJgCCo9xtdUEfZHBAMIagnkDGyuToktzm6MLY2EDm6MLo6uYhhggEAJAIAQDMACAADMACAADMAGYAA==';

test('ok/a failure is what cars in the field know, octet by octet', () => {
  const sessionId = Buffer.from('2a3dc6d75411f647', 'hex');
  const exi = failureRes(sessionId, 'FAILED_NoCertificateAvailable', 'CPO certInstall status');
  expect(Buffer.from(exi).toString('base64')).toBe(ofTheField);
});

test('ok/a long reason is cut to what the field can hold', () => {
  const document = decode(iso15118_2, failureRes(Uint8Array.of(1), 'FAILED', 'x'.repeat(500)));
  expect(document.V2G_Message?.Header.Notification?.FaultMsg).toBe('x'.repeat(64));
});
