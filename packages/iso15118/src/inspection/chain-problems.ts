import { algorithms, type Edition } from '../algorithms.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { checkChain } from '../certificates/chain.ts';
import { attributeOf, commonNameOf, formatName } from '../certificates/name.ts';
import type { LeafProfileName } from '../certificates/profiles.ts';
import { parseEmaid } from '../identifiers/emaid.ts';
import { IdentifierError } from '../identifiers/identifier-error.ts';
import { parsePcid } from '../identifiers/pcid.ts';
import { titleOf } from './edition-messages.ts';
import type { FoundCertificate } from './found-chains.ts';
import type { Problem } from './problem.ts';

interface ChainToJudge {
  readonly element: string;
  readonly profile: LeafProfileName;
  /** Of the message that the chain is in. */
  readonly edition: Edition | undefined;
  readonly certificates: readonly FoundCertificate[];
  readonly root: Certificate | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly rootsGiven: boolean;
}

/** What is wrong with a chain, and what is unusual about it. */
export function chainProblems(chain: ChainToJudge): Problem[] {
  const { certificates } = chain;
  const broken = certificates.some(({ signedByIssuer }) => signedByIssuer === false);
  return [
    ...certificates.flatMap((certificate) => certificateProblems(chain, certificate)),
    ...editionProblems(chain),
    ...rootProblems(chain),
    ...(broken ? [] : profileProblems(chain)),
    ...signerProblems(chain),
    ...identifierProblems(chain),
  ];
}

function certificateProblems({ element, at }: ChainToJudge, found: FoundCertificate): Problem[] {
  const { position, certificate, validNow, signedByIssuer } = found;
  const problems: Problem[] = [];
  if (signedByIssuer === false) {
    const what = `the ${position} in ${element} (${formatName(certificate.subject)}) was not signed by the one behind it`;
    const text = `${what}; send leaf, sub CA 2, sub CA 1 in this order and of one chain`;
    problems.push({ code: 'chain-broken', text });
  }
  if (!validNow) {
    const early = at < certificate.notBefore;
    const day = new Date(early ? certificate.notBefore : certificate.notAfter).toISOString();
    const text = early
      ? `the ${position} in ${element} is not valid before ${day}; wait, or set the clock right`
      : `the ${position} in ${element} expired on ${day}; get a new one from its issuer`;
    problems.push({ code: early ? 'certificate-not-yet-valid' : 'certificate-expired', text });
  }
  return problems;
}

/** Whether the chain itself is on curves of one edition is told with its profiles. */
function editionProblems({ element, edition, certificates }: ChainToJudge): Problem[] {
  const [leaf] = certificates;
  if (leaf === undefined || edition === undefined) return [];
  const { curve } = leaf.certificate.publicKey;
  const { edition: other } = algorithms[curve];
  if (other === edition) return [];
  const what = `the ${leaf.position} in ${element} is on ${curve}, a curve of ${titleOf(other)}, in a message of ${titleOf(edition)}`;
  return [{ code: 'wrong-curve', text: `${what}; send the certificate that was issued for this edition` }];
}

/** A certificate that comes alone says nothing of the root above it. */
function rootProblems({ element, certificates, root, rootsGiven }: ChainToJudge): Problem[] {
  const top = certificates.at(-1)?.certificate;
  if (top === undefined || certificates.length < 2 || root !== null || !rootsGiven) return [];
  const end = `the chain in ${element} ends at ${formatName(top.issuer)}, which is none of the given roots`;
  return [{ code: 'unknown-root', text: `${end}; add that root if it is to be trusted` }];
}

/**
 * Where the chain strays from the profiles. Without its root the uppermost sub CA stands in for one, so that all below
 * it can be looked at; time does not matter here.
 */
function profileProblems({ element, profile, certificates, root }: ChainToJudge): Problem[] {
  const [leaf, ...rest] = [...certificates.map(({ certificate }) => certificate), ...(root === null ? [] : [root])];
  // A third sub CA is beyond the profiles and stands in for a root as well.
  const anchor = rest[Math.min(rest.length - 1, 2)];
  const [first, second] = rest.slice(0, -1);
  if (leaf === undefined || first === undefined || anchor === undefined) return [];
  const checked = checkChain({
    leaf,
    subCa1: second ?? first,
    ...(second && { subCa2: first }),
    roots: [anchor],
    at: Math.max(...[leaf, ...rest].map(({ notBefore }) => notBefore)),
    profile,
  });
  if (!checked.ok) {
    const { kind, text } = checked.problem;
    // Validity is told for each certificate already.
    if (kind === 'expired' || kind === 'not-yet-valid') return [];
    const why = `the chain in ${element} is not to be trusted (${text})`;
    return [{ code: kind, text: `${why}; have it issued by the profiles of the standard` }];
  }
  const positions = new Map(certificates.map(({ certificate, position }) => [certificate, position]));
  return checked.deviations.map(({ code, certificate, text }) => {
    const position = positions.get(checked[certificate] ?? leaf) ?? 'root certificate';
    return { code, text: `the ${position} in ${element} strays from its profile (${text}); others may refuse it` };
  });
}

/** [V2G2-891]; ISO 15118-20 Annex B has it as well. */
function signerProblems({ element, profile, certificates }: ChainToJudge): Problem[] {
  const [leaf] = certificates;
  if (profile !== 'cps' || leaf === undefined || attributeOf(leaf.certificate.subject, 'DC') === 'CPS') return [];
  const text = `the leaf certificate in ${element} has no DC=CPS, so cars refuse what it signed; sign with a CPS certificate`;
  return [{ code: 'not-a-cps', text }];
}

/** What the common name of a leaf has to be. */
const identifiers = {
  oem: { code: 'pcid-malformed', title: 'PCID', parse: parsePcid },
  contract: { code: 'emaid-malformed', title: 'EMAID', parse: parseEmaid },
} as const;

function identifierProblems({ element, profile, certificates }: ChainToJudge): Problem[] {
  const [leaf] = certificates;
  if (leaf === undefined || (profile !== 'oem' && profile !== 'contract')) return [];
  const { code, title, parse } = identifiers[profile];
  const name = commonNameOf(leaf.certificate.subject) ?? '';
  try {
    parse(name);
    return [];
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    const text = `the leaf certificate in ${element} is for ${JSON.stringify(name)}, which is no ${title} (${error.message})`;
    return [{ code, text: `${text}; have it issued for one` }];
  }
}
