/** Chains as a car finds them in a response of either edition. */
import {
  algorithms,
  attributeOf,
  type Certificate,
  CertificateError,
  checkChain,
  type Edition,
  readCertificate,
} from '@plugpool/iso15118';
import { VehicleRefusal } from './vehicle-refusal.ts';

/** What both editions carry: DER. */
interface ChainInMessage {
  readonly Certificate: Uint8Array;
  readonly SubCertificates?: { readonly Certificate: readonly Uint8Array[] } | undefined;
}

export interface ReceivedChain {
  readonly leaf: Certificate;
  /** As sent: sub CA 2, then sub CA 1. */
  readonly subCertificates: readonly Certificate[];
}

/**
 * @param whose for people: `CPS` or `contract`
 * @throws VehicleRefusal `certificate-malformed` or `certificate-too-large`
 */
export function receivedChain(chain: ChainInMessage, whose: string, edition: Edition): ReceivedChain {
  const sent = [chain.Certificate, ...(chain.SubCertificates?.Certificate ?? [])];
  const largest = largestCertificate(edition);
  for (const { length } of sent) {
    if (length > largest) {
      const text = `${whose} chain: a certificate has ${length} octets, ${edition} has room for ${largest}`;
      throw new VehicleRefusal('certificate-too-large', text);
    }
  }
  try {
    return {
      leaf: readCertificate(chain.Certificate),
      subCertificates: sent.slice(1).map((der) => readCertificate(der)),
    };
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw new VehicleRefusal('certificate-malformed', `${whose} chain: ${cause.message}`, { cause });
  }
}

/** The simple types of the editions say so; in EXI the limit is told and not enforced. */
function largestCertificate(edition: Edition): number {
  const sizes = Object.values(algorithms).filter((algorithm) => algorithm.edition === edition);
  return Math.max(...sizes.map(({ maxCertificateSize }) => maxCertificateSize));
}

/**
 * The root of the car that the signer of a response belongs to.
 * @param trust.at epoch milliseconds
 * @throws VehicleRefusal `not-a-cps` or `cps-chain`
 */
export function trustedRoot(
  { leaf, subCertificates }: ReceivedChain,
  { v2gRoots, at }: { readonly v2gRoots: readonly Certificate[]; readonly at: number },
): Certificate {
  if (attributeOf(leaf.subject, 'DC') !== 'CPS') {
    throw new VehicleRefusal('not-a-cps', 'the certificate of the signer has no DC=CPS');
  }
  const [first, second, ...more] = subCertificates;
  if (first === undefined || more.length > 0) {
    const text = `the CPS certificate comes with ${subCertificates.length} sub CA certificates instead of one or two`;
    throw new VehicleRefusal('cps-chain', text);
  }
  const subCas = second === undefined ? { subCa1: first } : { subCa2: first, subCa1: second };
  const checked = checkChain({ leaf, ...subCas, roots: v2gRoots, at, profile: 'cps' });
  if (!checked.ok) throw new VehicleRefusal('cps-chain', checked.problem.text);
  return checked.root;
}
