/** Chain checks with the outcome as a domain error that names the field of the request. */
import { algorithms, buildChain, type Certificate, type Chain, checkChain, type Edition } from '@plugpool/iso15118/pki';
import { refuse } from './domain-error.ts';
import { traced } from './tracing.ts';

export interface ChainToCheck {
  readonly leaf: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  /** Where the chain may end. */
  readonly roots: readonly Certificate[];
  /** Epoch milliseconds at which every certificate of the chain has to be valid. */
  readonly at: number;
  readonly edition: Edition;
}

/** What the certificates are called in the request. */
export interface ChainFields {
  readonly leaf: string;
  readonly subCa2: string;
  readonly subCa1: string;
}

/** A certificate with the one above it. */
export interface CertificateLink {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** What the certificate is called in the request. */
  readonly field: string;
}

export interface TrustedChain {
  /** The root that the chain ends at. */
  readonly root: Certificate;
  /** Every certificate below the root, the leaf first. */
  readonly links: readonly CertificateLink[];
}

/**
 * The chain up to the root that it ends at. Throws `chain-refused`, naming the certificate that is to blame.
 * `rootTypes` completes the sentence about an unknown root, such as `OEM or V2G`.
 */
export function chainEndsAt(chain: ChainToCheck, fields: ChainFields, rootTypes: string): TrustedChain {
  const { curve } = chain.leaf.publicKey;
  if (algorithms[curve].edition !== chain.edition) {
    throw refuse('chain-refused', fields.leaf, `has a key on ${curve}, which does not belong to ${chain.edition}`);
  }
  const result = traced('crypto verify chain', {}, () => checkChain(chain));
  if (result.ok) return { root: result.root, links: linksOf(result, chain, fields) };
  const { certificate, kind, text } = result.problem;
  // The root is not in the request; what is wrong with it shows at the certificate that it issued.
  const field = certificate === 'root' ? fields.subCa1 : fields[certificate];
  throw refuse('chain-refused', field, kind === 'unknown-root' ? unknownRoot(rootTypes) : text);
}

/** The links of a chain that was trusted when it came in; none when its root has gone from the pool since. */
export function knownLinks(chain: Omit<ChainToCheck, 'at' | 'edition'>, fields: ChainFields): CertificateLink[] {
  const { leaf, subCa2, subCa1, roots } = chain;
  const built = buildChain({ leaf, intermediates: subCa2 === undefined ? [subCa1] : [subCa2, subCa1], roots });
  return built.ok ? linksOf(built, chain, fields) : [];
}

/** The sub CAs may have changed places in the request: the names follow the request, the issuers the chain. */
function linksOf({ chain }: Chain, sent: Pick<ChainToCheck, 'leaf' | 'subCa2'>, fields: ChainFields) {
  return chain.flatMap((certificate, index): CertificateLink[] => {
    const issuer = chain[index + 1];
    if (issuer === undefined) return [];
    const place = certificate === sent.leaf ? 'leaf' : certificate === sent.subCa2 ? 'subCa2' : 'subCa1';
    return [{ certificate, issuer, field: fields[place] }];
  });
}

function unknownRoot(rootTypes: string): string {
  return `the chain does not end at a root of type ${rootTypes} in the Root Certificate Pool`;
}
