import { readFileSync } from 'node:fs';

export interface EnvelopeVector {
  readonly name: string;
  readonly expect: 'ok' | 'error';
  readonly why?: string;
  readonly [field: string]: string | undefined;
}

export interface SignatureVector {
  readonly name: string;
  readonly expect: 'ok' | 'error' | 'fallback';
  readonly why?: string;
  readonly signer: string;
  readonly exiHex: string;
  readonly signedInfoFragmentHex: string;
  readonly signatureValue: string;
  readonly fragments: Readonly<Record<string, string>>;
}

interface PemPair {
  readonly certPem: string;
  readonly keyPem: string;
}
type PkiVector = Readonly<Record<'root' | 'sub1' | 'sub2' | 'leaf', PemPair>>;

interface CryptoVectors {
  readonly iso2ContractKeyEnvelope: readonly EnvelopeVector[];
  readonly iso20Secp521Envelope: readonly EnvelopeVector[];
  readonly iso20X448Envelope: readonly EnvelopeVector[];
  readonly pki: Readonly<Record<'oem' | 'cps' | 'mo', PkiVector>>;
  readonly iso2Signatures: readonly SignatureVector[];
}

/** Made for this project with independent codecs and crypto; see the notes inside the file. */
export const cryptoVectors: CryptoVectors = JSON.parse(
  readFileSync(new URL('./vectors/plug-and-charge-crypto.json', import.meta.url), 'utf8'),
);

/** Octets of a field that a vector must have. */
export function octets(vector: EnvelopeVector, field: string): Uint8Array {
  const hex = vector[field];
  if (hex === undefined) {
    throw new Error(`vector ${vector.name} has no ${field}`);
  }
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
