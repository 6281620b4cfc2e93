import { algorithms } from '../algorithms.ts';
import { type Certificate, isCa } from './certificate.ts';
import { type Deviation, deviationsOf } from './deviations.ts';
import { formatName, namesEqual } from './name.ts';
import type { LeafProfileName } from './profiles.ts';
import { isSignedBy } from './signature-check.ts';

/** Places in a chain. With one sub CA it is `subCa1`, and there is no `subCa2`. */
export type ChainPosition = 'leaf' | 'subCa2' | 'subCa1' | 'root';

export type ChainProblemKind =
  | 'expired'
  | 'not-yet-valid'
  | 'leaf-is-ca'
  | 'not-a-ca'
  | 'issuer-mismatch'
  | 'bad-signature'
  | 'path-length'
  | 'unknown-root'
  | 'missing-key-cert-sign'
  | 'missing-digital-signature'
  | 'unknown-critical-extension'
  | 'wrong-curve';

/** Why a chain is not trusted: what, at which certificate, and a sentence for people. */
export interface ChainProblem {
  readonly kind: ChainProblemKind;
  readonly certificate: ChainPosition;
  readonly text: string;
}

export interface Chain {
  readonly leaf: Certificate;
  readonly subCa2: Certificate | undefined;
  readonly subCa1: Certificate;
  readonly root: Certificate;
  /** All of them from the leaf to the root. */
  readonly chain: readonly Certificate[];
}

export type ChainResult = ({ readonly ok: true } & Chain) | { readonly ok: false; readonly problem: ChainProblem };
export type CheckedChain =
  | ({ readonly ok: true; readonly deviations: readonly Deviation[] } & Chain)
  | { readonly ok: false; readonly problem: ChainProblem };

/**
 * Orders certificates into leaf → sub CA 2 → sub CA 1 → root by names and signatures alone: one or two sub CAs, in any
 * order. Among several roots of one name the one whose key verifies is taken, one that is valid at `at` before others.
 * @param parts.at epoch milliseconds
 */
export function buildChain(parts: {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly at?: number;
}): ChainResult {
  const { leaf, intermediates, roots, at } = parts;
  const first = findIssuer(leaf, intermediates);
  if (first.issuer === undefined) {
    return refuse(linkProblem(first.sameName, 'leaf'));
  }
  const lower = first.issuer;
  // By its place: the same certificate may have been sent twice.
  const others = intermediates.toSpliced(intermediates.indexOf(lower), 1);
  const second = findIssuer(lower, others);
  const upper = second.issuer ?? lower;
  const above = findRoot(upper, roots, at);
  if (above.issuer === undefined) {
    const unused = second.issuer === undefined && others.length > 0 && !above.sameName;
    return refuse(unused ? linkProblem(second.sameName, 'subCa2') : rootProblem(above.sameName, upper));
  }
  const root = above.issuer;
  return second.issuer === undefined
    ? { ok: true, leaf, subCa2: undefined, subCa1: upper, root, chain: [leaf, upper, root] }
    : { ok: true, leaf, subCa2: lower, subCa1: upper, root, chain: [leaf, lower, upper, root] };
}

/**
 * Is this chain to be trusted at this time? Checks, stopping at the first failure: the leaf is no CA; each sent
 * certificate is valid now (shell model); names and signatures up to a known root (the two sub CAs may have changed
 * places), each signature with the algorithm of its issuer's curve; the root is valid; one edition's curves; no unknown
 * critical extension; the leaf may sign; each CA is one, may sign certificates and allows this many below it. What only strays from the profile is reported in `deviations`.
 * Revocation is somebody else's question.
 * @param parts.at epoch milliseconds
 * @param parts.profile what the leaf is meant to be; with it, deviations from that profile are found as well
 */
export function checkChain(parts: {
  readonly leaf: Certificate;
  readonly subCa2?: Certificate | undefined;
  readonly subCa1: Certificate;
  readonly roots: readonly Certificate[];
  readonly at: number;
  readonly profile?: LeafProfileName;
}): CheckedChain {
  const { leaf, subCa2, subCa1, roots, at, profile } = parts;
  if (isCa(leaf)) {
    return refuse({ kind: 'leaf-is-ca', certificate: 'leaf', text: 'the leaf certificate is that of a CA' });
  }
  const sent = [
    validityProblem(leaf, 'leaf', at),
    subCa2 && validityProblem(subCa2, 'subCa2', at),
    validityProblem(subCa1, 'subCa1', at),
  ].find((problem) => problem !== undefined);
  if (sent !== undefined) {
    return refuse(sent);
  }
  const built = buildChain({ leaf, intermediates: subCa2 === undefined ? [subCa1] : [subCa2, subCa1], roots, at });
  if (!built.ok) {
    return built;
  }
  if (subCa2 !== undefined && built.subCa2 === undefined) {
    return refuse(linkProblem(false, 'subCa2'));
  }
  const problem = validityProblem(built.root, 'root', at) ?? contentProblem(built);
  return problem === undefined ? { ...built, deviations: deviationsOf(built, profile) } : refuse(problem);
}

interface FoundIssuer {
  readonly issuer: Certificate | undefined;
  /** Some candidate has the name, whether or not its key verifies. */
  readonly sameName: boolean;
}

function findIssuer(child: Certificate, candidates: readonly Certificate[]): FoundIssuer {
  const named = candidates.filter((candidate) => namesEqual(child.issuer, candidate.subject));
  return { issuer: named.find((candidate) => isSignedBy(child, candidate)), sameName: named.length > 0 };
}

/** Key identifiers and validity only sort the candidates: names and signature decide. */
function findRoot(child: Certificate, roots: readonly Certificate[], at: number | undefined): FoundIssuer {
  const keyIdentifier = child.authorityKeyIdentifier;
  const named = roots
    .filter((root) => namesEqual(child.issuer, root.subject))
    .map((root) => ({
      root,
      rank: (at === undefined || isValid(root, at) ? 0 : 2) + (hasKeyIdentifier(root, keyIdentifier) ? 0 : 1),
    }))
    .sort((a, b) => a.rank - b.rank);
  return {
    issuer: named.find(({ root }) => isSignedBy(child, root))?.root,
    sameName: named.some(({ rank }) => rank % 2 === 0),
  };
}

function hasKeyIdentifier(root: Certificate, wanted: Uint8Array | undefined): boolean {
  const identifier = root.subjectKeyIdentifier;
  return wanted === undefined || identifier === undefined || Buffer.compare(wanted, identifier) === 0;
}

function isValid(certificate: Certificate, at: number): boolean {
  return validityProblem(certificate, 'root', at) === undefined;
}

/** notAfter is the last second of the validity, all of it (RFC 5280 §4.1.2.5). */
function validityProblem(certificate: Certificate, position: ChainPosition, at: number): ChainProblem | undefined {
  if (at >= certificate.notAfter + 1000) {
    const since = new Date(certificate.notAfter).toISOString();
    return { kind: 'expired', certificate: position, text: `the ${titles[position]} expired on ${since}` };
  }
  if (at < certificate.notBefore) {
    const from = new Date(certificate.notBefore).toISOString();
    return {
      kind: 'not-yet-valid',
      certificate: position,
      text: `the ${titles[position]} is not valid before ${from}`,
    };
  }
  return undefined;
}

function contentProblem({ leaf, subCa2, subCa1, root, chain }: Chain): ChainProblem | undefined {
  const authorities: [ChainPosition, Certificate][] = [
    ...(subCa2 === undefined ? [] : [['subCa2', subCa2] satisfies [ChainPosition, Certificate]]),
    ['subCa1', subCa1],
    ['root', root],
  ];
  for (const [position, certificate] of [['leaf', leaf] satisfies [ChainPosition, Certificate], ...authorities]) {
    const problem = curveProblem(certificate, position, leaf) ?? criticalProblem(certificate, position);
    if (problem !== undefined) {
      return problem;
    }
  }
  // Every leaf of ISO 15118 signs something; RFC 5280 §4.2.1.3 lets a key without keyUsage do anything.
  const { keyUsage } = leaf;
  if (keyUsage !== undefined && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')) {
    const text = `the ${titles.leaf} may not sign`;
    return { kind: 'missing-digital-signature', certificate: 'leaf', text };
  }
  for (const [position, certificate] of authorities) {
    const below = chain.slice(1, chain.indexOf(certificate));
    const problem = authorityProblem(certificate, position, below);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function curveProblem(certificate: Certificate, position: ChainPosition, leaf: Certificate): ChainProblem | undefined {
  const { curve } = certificate.publicKey;
  const { edition } = algorithms[leaf.publicKey.curve];
  return algorithms[curve].edition === edition
    ? undefined
    : {
        kind: 'wrong-curve',
        certificate: position,
        text: `the ${titles[position]} is on ${curve}, which is not a curve of ${edition} as the leaf is`,
      };
}

function criticalProblem(certificate: Certificate, position: ChainPosition): ChainProblem | undefined {
  const [unknown] = certificate.unknownCriticalExtensions;
  return unknown === undefined
    ? undefined
    : {
        kind: 'unknown-critical-extension',
        certificate: position,
        text: `the ${titles[position]} has the critical extension ${unknown}, which is not known`,
      };
}

function authorityProblem(
  certificate: Certificate,
  position: ChainPosition,
  below: readonly Certificate[],
): ChainProblem | undefined {
  const title = titles[position];
  if (!isCa(certificate)) {
    return { kind: 'not-a-ca', certificate: position, text: `the ${title} is not that of a CA` };
  }
  if (certificate.keyUsage?.has('keyCertSign') === false) {
    return { kind: 'missing-key-cert-sign', certificate: position, text: `the ${title} may not sign certificates` };
  }
  const pathLength = certificate.basicConstraints?.pathLength;
  // RFC 5280 §4.2.1.9 does not count self-issued certificates.
  const counted = below.filter(({ subject, issuer }) => !namesEqual(subject, issuer)).length;
  return pathLength === undefined || counted <= pathLength
    ? undefined
    : {
        kind: 'path-length',
        certificate: position,
        text: `the ${title} allows ${pathLength} CAs below it and has ${counted}`,
      };
}

const titles: Readonly<Record<ChainPosition, string>> = {
  leaf: 'leaf certificate',
  subCa2: 'sub CA 2 certificate',
  subCa1: 'sub CA 1 certificate',
  root: 'root certificate',
};

function linkProblem(sameName: boolean, position: ChainPosition): ChainProblem {
  return sameName
    ? {
        kind: 'bad-signature',
        certificate: position,
        text: `the signature of the ${titles[position]} does not verify with the key of its issuer`,
      }
    : {
        kind: 'issuer-mismatch',
        certificate: position,
        text: `the ${titles[position]} was not issued by the sub CA that came with it`,
      };
}

function rootProblem(sameName: boolean, last: Certificate): ChainProblem {
  return sameName
    ? linkProblem(true, 'subCa1')
    : {
        kind: 'unknown-root',
        certificate: 'subCa1',
        text: `the chain ends at ${formatName(last.issuer)}, which is no root known here`,
      };
}

function refuse(problem: ChainProblem): { readonly ok: false; readonly problem: ChainProblem } {
  return { ok: false, problem };
}
