/** The last step of an installation: the car opens the envelope and holds the contract's key. */
import type { KeyObject } from 'node:crypto';
import {
  EnvelopeError,
  type EnvelopeErrorKind,
  type OpenedContractKey,
  type OpenOptions,
  openContractKey,
} from '@plugpool/iso15118';
import { VehicleRefusal, type VehicleRefusalCode } from './vehicle-refusal.ts';

export type ContractKey =
  /** The key of the contract certificate: what it signs verifies with that [V2G2-823]. */
  | { readonly proven: true; readonly privateKey: KeyObject }
  /** The content of an X448 envelope, 56 octets that no standard says how to use: nobody can prove them. */
  | { readonly proven: false; readonly octets: Uint8Array; readonly why: string };

/** @throws VehicleRefusal `envelope`, `envelope-binding` or `key-mismatch` */
export function contractKeyIn(envelope: OpenOptions): ContractKey {
  const { scalar, privateKey } = opened(envelope);
  if (privateKey === undefined) {
    const why = 'an X448 envelope holds 56 octets, an Ed448 key has 57: what came out cannot be proven to be the key';
    return { proven: false, octets: scalar, why };
  }
  scalar.fill(0);
  return { proven: true, privateKey };
}

function opened(envelope: OpenOptions): OpenedContractKey {
  try {
    return openContractKey(envelope);
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause;
    throw new VehicleRefusal(codes[cause.kind] ?? 'envelope', cause.message, { cause });
  }
}

const codes: Readonly<Partial<Record<EnvelopeErrorKind, VehicleRefusalCode>>> = {
  'authentication-failed': 'envelope-binding',
  'missing-binding': 'envelope-binding',
  'scalar-out-of-range': 'key-mismatch',
  'key-mismatch': 'key-mismatch',
  'sealed-for-tpm': 'tpm-key',
};
