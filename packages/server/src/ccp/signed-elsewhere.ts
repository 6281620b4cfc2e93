/** Signed contract data that somebody else's CPS made: everything in it is checked as if we were to sign it ourselves. */
import {
  attributeOf,
  type Certificate,
  CertificateError,
  commonNameOf,
  type Edition,
  type Emaid,
  type Fingerprint,
  formOf,
  type Pcid,
  readCertificate,
} from '@plugpool/iso15118/pki';
import type { StorableContractData } from '../cps/contract-data.ts';
import { checkChainFits, checkContractData, checkEmaidFits, contractChainFields } from '../cps/contract-data-checks.ts';
import { type CertificateLink, chainEndsAt, knownLinks, type TrustedChain } from '../kernel/certificate-chain.ts';
import { refuse, refuseAt } from '../kernel/domain-error.ts';
import { traced } from '../kernel/tracing.ts';
import type { ChainInMessage, InstallationResponse } from './messages/installation-messages.ts';
import { messagesOf, readMessage } from './messages/messages-of-edition.ts';
import type { StoredContract } from './stored-contract.ts';
import { writtenEmaid } from './written-emaid.ts';

export interface ForeignContractData {
  readonly edition: Edition;
  readonly emaid: Emaid;
  readonly pcid: Pcid;
  /** CertificateInstallationRes as EXI. */
  readonly installationRes: Uint8Array;
  /** What the field is called in the request. */
  readonly field: string;
  /** When given, the V2G root that the data has to be signed under. */
  readonly cpsRoot?: Fingerprint;
  readonly metaData?: string;
}

interface Circumstances {
  readonly now: number;
  readonly contractRoots: readonly Certificate[];
  readonly cpsRoots: readonly Certificate[];
}

/** What was checked, and the chains in it whose revocation is somebody else's question. */
export interface CheckedForeignData {
  readonly storable: StorableContractData;
  readonly links: readonly CertificateLink[];
}

/** The data in the form of the pool. Throws a domain error at the first thing that is wrong. */
export async function checkForeignData(
  data: ForeignContractData,
  circumstances: Circumstances,
): Promise<CheckedForeignData> {
  const res = await readMessage(data.edition, data.field, (messages) => messages.readResponse(data.installationRes));
  checkOutcome(res, data);
  const contract = chainIn(res.contractChain, 'contractCertificate');
  const { links: contractLinks } = checkContractData(
    {
      edition: data.edition,
      emaid: data.emaid,
      ...contract,
      encryptedPrivateKey: res.encryptedPrivateKey,
      dhPublicKey: res.dhPublicKey,
    },
    { now: circumstances.now, roots: circumstances.contractRoots },
  );
  checkSealing(res, contract.certificate, data);
  const cps = chainIn(res.cpsChain, 'cpsCertificate');
  const { root: cpsRoot, links: cpsLinks } = checkCpsChain(cps, data, circumstances);
  const attributes = { 'plugpool.curve': cps.certificate.publicKey.curve };
  const verdict = traced('crypto verify signature', { attributes }, () => res.verify(cps.certificate));
  if (!verdict.valid) {
    throw refuse('signature-invalid', data.field, verdict.problems.map((problem) => problem.text).join('; '));
  }
  const storable = {
    edition: data.edition,
    emaid: data.emaid,
    pcid: data.pcid,
    shownEmaid: commonNameOf(contract.certificate.subject) ?? data.emaid,
    contractCertificate: contract.certificate,
    installationRes: res.exi,
    cpsRoot,
    ...(data.metaData !== undefined && { metaData: data.metaData }),
  };
  return { storable, links: [...contractLinks, ...cpsLinks] };
}

/** Throws `certificate-format`. */
export function contractCertificateIn({ contractChain }: InstallationResponse): Certificate {
  return certificateIn(contractChain.Certificate, 'contractCertificate');
}

/** The contract chain in data that is stored, link by link; empty when its root has gone from the pool. */
export async function contractLinksIn(
  { edition, installationRes }: StoredContract,
  roots: readonly Certificate[],
): Promise<CertificateLink[]> {
  const { contractChain } = (await messagesOf(edition)).readResponse(installationRes);
  const { certificate: leaf, ...subCas } = chainIn(contractChain, 'contractCertificate');
  return knownLinks({ leaf, ...subCas, roots }, contractChainFields);
}

/** The signature does not cover the code, and the CPS may have signed another EMAID than that of the certificate. */
function checkOutcome({ responseCode, emaid }: InstallationResponse, data: ForeignContractData): void {
  if (!responseCode.startsWith('OK')) {
    throw refuse('field-invalid', data.field, `has the ResponseCode ${responseCode}, so it brings no contract`);
  }
  if (emaid === undefined) return;
  if (writtenEmaid(emaid) !== data.emaid) {
    throw refuse('field-invalid', data.field, 'has another EMAID in eMAID than the one it is brought for');
  }
  checkEmaidFits(data.edition, emaid);
}

/** By curve and element the car knows how to open an envelope that is of the right size; the codec checks neither. */
function checkSealing(
  { sealedAs, encryptedPrivateKey }: InstallationResponse,
  { publicKey: { curve } }: Certificate,
  { field }: ForeignContractData,
): void {
  if (sealedAs === undefined) return;
  const { form, ecdhCurve } = formOf(curve, encryptedPrivateKey);
  if (sealedAs.ecdhCurve !== ecdhCurve) {
    throw refuse('field-invalid', field, `has the ECDHCurve ${sealedAs.ecdhCurve} for a contract key on ${curve}`);
  }
  if (sealedAs.form !== form) {
    const size = encryptedPrivateKey.length;
    throw refuse('field-invalid', field, `has ${size} octets as ${sealedAs.form}_EncryptedPrivateKey, a ${form} key`);
  }
}

interface Chain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
}

/** Leaf, then sub CA 2, then sub CA 1; with one sub CA only, that is sub CA 1. */
function chainIn(chain: ChainInMessage, field: string): Chain {
  const subCertificates = chain.SubCertificates?.Certificate ?? [];
  const certificate = certificateIn(chain.Certificate, field);
  const [first, second, ...more] = subCertificates.map((der) => certificateIn(der, `${field} chain`));
  if (first === undefined || more.length > 0) {
    throw refuse('chain-refused', field, 'comes with one or two sub CA certificates, no fewer and no more');
  }
  return second === undefined ? { certificate, subCa1: first } : { certificate, subCa2: first, subCa1: second };
}

function certificateIn(der: Uint8Array, field: string): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) throw refuseAt('certificate-format', [`${field} : ${error.message}`], field);
    throw error;
  }
}

function checkCpsChain(cps: Chain, data: ForeignContractData, { now, cpsRoots }: Circumstances): TrustedChain {
  const { certificate: leaf, subCa1, subCa2 } = cps;
  const fields = { leaf: 'cpsCertificate', subCa2: 'cpsSubCa2Certificate', subCa1: 'cpsSubCa1Certificate' };
  checkChainFits({ leaf, subCa2, subCa1 }, fields);
  const trusted = chainEndsAt(
    { leaf, subCa1, ...(subCa2 && { subCa2 }), roots: cpsRoots, at: now, edition: data.edition },
    fields,
    'V2G',
  );
  // [V2G2-891]: the car looks for it, so that the key of a vehicle or a charging station can make no contracts.
  if (attributeOf(leaf.subject, 'DC') !== 'CPS') {
    throw refuse('chain-refused', fields.leaf, 'has no DC=CPS in its subject');
  }
  if (data.cpsRoot !== undefined && data.cpsRoot !== trusted.root.fingerprint) {
    throw refuse('field-invalid', 'cpsV2GRootCertificateFingerprint', 'is not the root above the CPS of the data');
  }
  return trusted;
}
