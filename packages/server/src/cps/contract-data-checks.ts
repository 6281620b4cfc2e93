/**
 * What contract data has to fulfil before the CPS puts its signature under it, as a list of steps in their order.
 * Data that was signed elsewhere and is brought to the pool goes through the same list.
 */
import {
  algorithms,
  type Certificate,
  checkEnvelopeShape,
  commonNameOf,
  type Edition,
  type Emaid,
  EnvelopeError,
  formOf,
  IdentifierError,
  isCa,
  normaliseEmaid,
  parseEmaid,
} from '@plugpool/iso15118/pki';
import { type CertificateLink, type ChainFields, chainEndsAt } from '../kernel/certificate-chain.ts';
import { refuse } from '../kernel/domain-error.ts';

export interface CheckedContractData {
  readonly edition: Edition;
  readonly emaid: Emaid;
  readonly certificate: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
}

interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Roots of type MO or V2G. */
  readonly roots: readonly Certificate[];
}

/** What the contract chain is called in requests. */
export const contractChainFields = {
  leaf: 'contractCertificate',
  subCa2: 'contractSubCa2Certificate',
  subCa1: 'contractSubCa1Certificate',
} as const;

type Check = (data: CheckedContractData, circumstances: Circumstances) => void;

const checks: readonly Check[] = [noCa, emaidIsTheCommonName, fitsIntoMessage, notExpired];

/**
 * The links of the contract chain, whose revocation is somebody else's question.
 * Throws a domain error at the first check that fails: those of the list, then the chain, then the envelope.
 */
export function checkContractData(
  data: CheckedContractData,
  circumstances: Circumstances,
): { readonly links: readonly CertificateLink[] } {
  for (const check of checks) check(data, circumstances);
  const { links } = chainToRoot(data, circumstances);
  envelope(data);
  return { links };
}

function noCa({ certificate }: CheckedContractData): void {
  if (isCa(certificate)) throw refuse('certificate-refused', 'contractCertificate', 'is a CA certificate');
}

function emaidIsTheCommonName({ certificate, emaid }: CheckedContractData): void {
  if (emaidOf(certificate) === emaid) return;
  throw refuse('field-invalid', 'emaid', 'is not the common name of the contract certificate');
}

/** A car cannot read what its message has no room for. */
function fitsIntoMessage({ edition, certificate, subCa2, subCa1 }: CheckedContractData): void {
  checkEmaidFits(edition, normaliseEmaid(commonNameOf(certificate.subject) ?? ''));
  checkChainFits({ leaf: certificate, subCa2, subCa1 }, contractChainFields);
}

/** Throws `certificate-refused` for a certificate that the messages of the leaf's edition cannot carry. */
export function checkChainFits(
  chain: { readonly leaf: Certificate; readonly subCa2: Certificate | undefined; readonly subCa1: Certificate },
  names: ChainFields,
): void {
  const { maxCertificateSize } = algorithms[chain.leaf.publicKey.curve];
  for (const part of ['leaf', 'subCa2', 'subCa1'] as const) {
    const size = chain[part]?.der.length ?? 0;
    if (size > maxCertificateSize) {
      throw refuse('certificate-refused', names[part], `is larger than ${maxCertificateSize} bytes`);
    }
  }
}

/** `eMAIDType` of ISO 15118-2 and `identifierType` of ISO 15118-20. */
const longestEmaid: Readonly<Record<Edition, number>> = { 'ISO15118-2': 15, 'ISO15118-20': 255 };

/** Throws `field-invalid` for an EMAID, without separators, that the messages of the edition cannot carry. */
export function checkEmaidFits(edition: Edition, emaid: string): void {
  const longest = longestEmaid[edition];
  if (emaid.length <= longest) return;
  throw refuse(
    'field-invalid',
    'emaid',
    `has ${emaid.length} characters, messages of ${edition} have room for ${longest}`,
  );
}

function notExpired({ certificate }: CheckedContractData, { now }: Circumstances): void {
  if (certificate.notAfter < now) throw refuse('contract-expired');
}

/** A contract may begin in the future; its chain then has to be valid when it begins. */
function chainToRoot(data: CheckedContractData, { now, roots }: Circumstances) {
  const { certificate: leaf, subCa1, subCa2, edition } = data;
  const at = Math.max(now, leaf.notBefore);
  const chain = { leaf, subCa1, ...(subCa2 && { subCa2 }), roots, at, edition };
  return chainEndsAt(chain, contractChainFields, 'MO or V2G');
}

function envelope({ edition, certificate, encryptedPrivateKey, dhPublicKey }: CheckedContractData): void {
  const { curve } = certificate.publicKey;
  try {
    checkEnvelopeShape(curve, encryptedPrivateKey, dhPublicKey);
    // [V2G20-2492]: without it no car could tell what the key was bound to, and open the envelope.
    const isBound = edition === 'ISO15118-20' && formOf(curve, encryptedPrivateKey).form !== 'TPM';
    if (isBound && certificate.subjectKeyIdentifier === undefined) {
      const why = 'has no subject key identifier, which the envelope has to be bound to';
      throw refuse('certificate-refused', contractChainFields.leaf, why);
    }
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const field = error.part === 'dhPublicKey' ? 'dHpublickey' : 'contractSignatureEncryptedPrivateKey';
    throw refuse('field-invalid', field, error.message);
  }
}

/** A vehicle agrees keys and verifies on its own curve only. */
export function checkCurveOfVehicle(
  contract: Pick<Certificate, 'publicKey'>,
  vehicle: Pick<Certificate, 'publicKey'>,
): void {
  const [curve, ofVehicle] = [contract.publicKey.curve, vehicle.publicKey.curve];
  if (curve === ofVehicle) return;
  throw refuse('certificate-refused', contractChainFields.leaf, `has a key on ${curve}, the vehicle has ${ofVehicle}`);
}

/** The EMAID that a contract certificate names. Throws `emaid-form` when its common name is none. */
export function emaidOf(certificate: Certificate): Emaid {
  try {
    return parseEmaid(commonNameOf(certificate.subject) ?? '');
  } catch (error) {
    if (error instanceof IdentifierError) {
      throw refuse('certificate-refused', 'contractCertificate', 'has a common name that is no EMAID');
    }
    throw error;
  }
}
