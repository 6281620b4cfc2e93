/** A decoded message as an indented tree for people. */
import { CertificateError, readCertificate } from '@plugpool/iso15118';
import type { Paint } from '../paint.ts';
import { certificateInWords } from './certificate-words.ts';
import { printable } from './printable.ts';

/** Names of the elements that hold the DER of one certificate. */
const certificateElements = new Set(['Certificate', 'OEMProvisioningCert']);
const shownOctets = 16;

/** One line for each element, two blanks for each level. */
export function formatMessage(name: string, value: unknown, paint: Paint): string {
  return linesOf(name, value, 0, paint).join('');
}

function linesOf(name: string, value: unknown, depth: number, paint: Paint): string[] {
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => linesOf(`${name}[${index}]`, entry, depth, paint));
  }
  if (value instanceof Uint8Array) {
    const element = name.replace(/\[\d+\]$/, '');
    return [
      `${indent}${name}: ${certificateElements.has(element) ? certificate(value, paint) : octets(value, paint)}\n`,
    ];
  }
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).flatMap(([key, part]) => linesOf(key, part, depth + 1, paint));
    return [`${indent}${name}${inner.length === 0 ? paint.faint(' (empty)') : ''}\n`, ...inner];
  }
  return [`${indent}${name}: ${printable(String(value))}\n`];
}

function certificate(der: Uint8Array, paint: Paint): string {
  try {
    return certificateInWords(readCertificate(der));
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return `${octets(der, paint)} ${paint.bad(`no certificate: ${error.message}`)}`;
  }
}

function octets(value: Uint8Array, paint: Paint): string {
  const hex = Buffer.from(value.subarray(0, shownOctets)).toString('hex');
  return value.length <= shownOctets ? hex : `${hex}… ${paint.faint(`(${value.length} octets)`)}`;
}
