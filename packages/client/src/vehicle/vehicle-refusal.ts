export type VehicleRefusalCode =
  /** The car has not yet got what the step needs: its certificate, or a request that is being answered. */
  | 'not-ready'
  /** A provisioning certificate that is not for this car's key or PCID. */
  | 'foreign-certificate'
  | 'exi-invalid'
  | 'unexpected-message'
  | 'session-mismatch'
  /** The other side says that it failed. */
  | 'response-code'
  /** The other side is still at it (EVSEProcessing of ISO 15118-20). */
  | 'not-finished'
  | 'certificate-malformed'
  /** More octets than a message of the edition has room for. */
  | 'certificate-too-large'
  /** The signer is not marked as a CPS [V2G2-891]. */
  | 'not-a-cps'
  | 'cps-chain'
  | 'signature'
  | 'emaid-mismatch'
  /** The encrypted key or the DH public key has a form that holds no key. */
  | 'envelope'
  /** Only a TPM could open the envelope, and the car has none. */
  | 'tpm-key'
  /** The envelope was changed, or is bound to another PCID or contract certificate [V2G20-2492]. */
  | 'envelope-binding'
  /** What was decrypted is not the key of the contract certificate [V2G2-823]. */
  | 'key-mismatch'
  /** Responses of one session that do not count down, or more than the car asked for (ISO 15118-20). */
  | 'remaining-count';

/** Why a car does not go on: one code for each check. */
export class VehicleRefusal extends Error {
  override readonly name = 'VehicleRefusal';
  readonly code: VehicleRefusalCode;

  constructor(code: VehicleRefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
