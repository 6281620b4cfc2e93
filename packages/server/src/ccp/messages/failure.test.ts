import { decode, iso15118_2, iso15118_20Common } from '@plugpool/exi';
import { expect, test } from 'vitest';
import { iso2InstallationMessages } from './iso15118-2.ts';
import { iso20InstallationMessages } from './iso15118-20.ts';

/** A failure as a public ecosystem prints it in its interface description (OPCP, install by request, 404). */
const ofTheField = 'gJgCCo9xtdUEfZHBAMIagnkDGyuToktzm6MLY2EDm6MLo6uYhhggEAJAIAQDMACAADMACAADMAGYAA==';
const sessionId = Uint8Array.from(Buffer.from('2a3dc6d75411f647', 'hex'));

test('ok/a failure of ISO 15118-2 is what cars in the field know, octet by octet', () => {
  const exi = iso2InstallationMessages.failure('no-contract', 'CPO certInstall status', { sessionId, now: 0 });
  expect(Buffer.from(exi).toString('base64')).toBe(ofTheField);
});

test('ok/a long reason is cut to what the field can hold', () => {
  const exi = iso2InstallationMessages.failure('chain', 'x'.repeat(500), { sessionId, now: 0 });
  expect(decode(iso15118_2, exi).V2G_Message?.Header.Notification?.FaultMsg).toBe('x'.repeat(64));
});

test.each([
  ['vehicle-unknown', 'WARNING_NoContractMatchingPCIDFound'],
  ['no-contract', 'WARNING_NoContractMatchingPCIDFound'],
  ['none-usable', 'WARNING_NoCertificateAvailable'],
  ['signature', 'FAILED_SignatureError'],
  ['chain', 'WARNING_CertificateValidationError'],
  ['expired', 'WARNING_CertificateExpired'],
  ['not-yet-valid', 'WARNING_CertificateNotYetValid'],
  ['revoked', 'WARNING_CertificateRevoked'],
] as const)('ok/ISO 15118-20 says %s in its own code, and when', (reason, ResponseCode) => {
  const now = Date.UTC(2026, 10, 21, 5, 0, 0, 900);
  const document = decode(iso15118_20Common, iso20InstallationMessages.failure(reason, 'no room', { sessionId, now }));
  expect(document).toMatchObject({
    CertificateInstallationRes: {
      Header: { SessionID: sessionId, TimeStamp: BigInt(Date.UTC(2026, 10, 21, 5) / 1000) },
      ResponseCode,
      RemainingContractCertificateChains: 0,
    },
  });
});
