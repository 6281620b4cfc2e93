import type { Certificate } from '@plugpool/iso15118';
import { VehicleRefusal } from './vehicle-refusal.ts';

/** What a CertificateInstallationRes of either edition holds once its signer is trusted and its signature holds. */
export interface VerifiedResponse {
  /** As the message has it; in ISO 15118-20, as the contract certificate has it. */
  readonly emaid: string;
  readonly contractCertificate: Certificate;
  /** As sent: sub CA 2, then sub CA 1. */
  readonly contractSubCertificates: readonly Certificate[];
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  readonly cpsCertificate: Certificate;
  readonly cpsSubCertificates: readonly Certificate[];
  /** The one of the car's V2G roots that the CPS belongs to. */
  readonly cpsRoot: Certificate;
}

export interface ResponseCircumstances {
  /** The session id that the answer has to carry; `undefined` when any will do. */
  readonly sessionId: Uint8Array | undefined;
  readonly v2gRoots: readonly Certificate[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** @throws VehicleRefusal `session-mismatch` */
export function checkSession(got: Uint8Array, expected: Uint8Array | undefined): void {
  if (expected === undefined || Buffer.compare(got, expected) === 0) return;
  const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
  throw new VehicleRefusal('session-mismatch', `the answer is for session ${hex(got)}, not ${hex(expected)}`);
}
