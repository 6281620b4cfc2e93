/** The files of the quick start: PEM as openssl writes it, JSON as curl stores it. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Certificate, pemBlocks, readCertificate } from '@plugpool/iso15118';

/** The certificate at a position of a PEM file, counted from 1. */
export function certificateIn(file: string | undefined, position = 1): Certificate {
  const block = pemBlocks(textOf(file)).filter(({ label }) => label === 'CERTIFICATE')[position - 1];
  if (block === undefined) throw new Error(`${file} has no certificate number ${position}`);
  return readCertificate(block.der);
}

export function privateKeyIn(file: string | undefined): KeyObject {
  return createPrivateKey(textOf(file));
}

/** As openssl reads it; for its owner's eyes only. */
export function writePrivateKey(file: string | undefined, key: KeyObject | undefined): void {
  if (file === undefined || key === undefined) throw new Error('a private key and a file for it are needed');
  writeFileSync(file, key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
}

/** The octets behind the base64 text at a path of a JSON file. */
export function octetsIn(file: string | undefined, ...path: readonly (string | number)[]): Uint8Array {
  const found = path.reduce<unknown>((value, member) => Object(value)[member], JSON.parse(textOf(file)));
  if (typeof found !== 'string') throw new Error(`${file} has no ${path.join('.')}: ${textOf(file)}`);
  return Buffer.from(found, 'base64');
}

export function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64');
}

function textOf(file: string | undefined): string {
  if (file === undefined) throw new Error('a file is missing on the command line; the head of the script lists them');
  return readFileSync(file, 'utf8');
}
