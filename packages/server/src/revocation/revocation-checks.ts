/**
 * Revocation of certificates as the other rooms ask about it: our own are looked up in the database, those of others
 * are asked about over HTTP. What an unknown status means is the operator's choice.
 */
import type { Certificate, Fingerprint, Revoked } from '@plugpool/iso15118/pki';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { type DomainError, refuse } from '../kernel/domain-error.ts';
import type { Inquire } from './inquiry.ts';
import { revokedText, type Standing } from './standing.ts';

/** `require`: no answer is a refusal; `soft-fail`: it is noted; `off`: nobody is asked. */
export const REVOCATION_POLICIES = ['require', 'soft-fail', 'off'] as const;
export type RevocationPolicy = (typeof REVOCATION_POLICIES)[number];

export interface RevocationNeeds {
  /** Looked at for each question. */
  readonly policy: RevocationPolicy;
  /** Status of what our own CAs issued, as the database says now; nothing for certificates of others. */
  readonly ownStatusOf: (fingerprints: readonly Fingerprint[]) => Promise<ReadonlyMap<Fingerprint, 'good' | Revoked>>;
  /** Whether the certificate is that of one of our own CAs. */
  readonly isOwnAuthority: (certificate: Certificate) => Promise<boolean>;
  readonly inquire: Inquire;
  /** Tells the operator of a certificate that was let pass without an answer. */
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
}

/** A certificate that is to be used, with its chain for the case that its issuer has to be asked. */
export interface AskedCertificate {
  readonly fingerprint: Fingerprint;
  readonly links: () => Promise<readonly CertificateLink[]>;
}

export interface UnfitCertificate {
  readonly kind: 'revoked' | 'unknown';
  /** Continues the name of the certificate's field. */
  readonly why: string;
}

export interface RevocationChecks {
  /**
   * Every certificate of a chain below its root.
   * @throws DomainError `certificate-revoked`, `revocation-unknown`
   */
  check(links: readonly CertificateLink[]): Promise<void>;
  /** The same for several chains, with one look into the database: the error of each that is to be refused. */
  refusals(chains: readonly (readonly CertificateLink[])[]): Promise<(DomainError | undefined)[]>;
  /**
   * Those of the certificates that must not be used, for themselves or for a CA above them.
   * @param own status of those that are our own, where it was looked up already
   */
  unfitAmong(
    asked: readonly AskedCertificate[],
    own?: OwnStatuses,
  ): Promise<ReadonlyMap<Fingerprint, UnfitCertificate>>;
}

export function revocationChecks(needs: RevocationNeeds): RevocationChecks {
  const { note } = needs;

  /** The first link that is to be refused, leaf first; a revoked one before an unknown one. */
  async function refusedLink(links: readonly CertificateLink[], own?: OwnStatuses) {
    const standings = await standingsOf(links, own ?? (await needs.ownStatusOf(fingerprintsIn([links]))), needs);
    const judged = links.map((link, index) => ({ link, standing: standings[index] }));
    for (const { link, standing } of judged) {
      if (standing?.standing === 'revoked') return { link, standing };
    }
    for (const { link, standing } of judged) {
      if (standing?.standing !== 'unknown') continue;
      if (needs.policy === 'require') return { link, standing };
      const { fingerprint } = link.certificate;
      note('revocation status is unknown, let pass', { field: link.field, fingerprint, why: standing.why });
    }
    return undefined;
  }

  async function refusals(chains: readonly (readonly CertificateLink[])[]): Promise<(DomainError | undefined)[]> {
    const own = await needs.ownStatusOf(fingerprintsIn(chains));
    const found: (DomainError | undefined)[] = [];
    for (let from = 0; from < chains.length; from += ASKED_AT_ONCE) {
      const some = chains.slice(from, from + ASKED_AT_ONCE);
      found.push(...(await Promise.all(some.map(async (links) => refusalOf(await refusedLink(links, own))))));
    }
    return found;
  }

  return {
    async check(links) {
      const [refusal] = await refusals([links]);
      if (refusal !== undefined) throw refusal;
    },

    refusals,

    async unfitAmong(asked, known) {
      const own = known ?? (await needs.ownStatusOf(asked.map(({ fingerprint }) => fingerprint)));
      const unfit = await Promise.all(
        asked.map(async ({ fingerprint, links }): Promise<(readonly [Fingerprint, UnfitCertificate])[]> => {
          const status = own.get(fingerprint);
          if (status === 'good') return [];
          if (status !== undefined) return [[fingerprint, { kind: 'revoked', why: revokedText(status) }]];
          const refused = needs.policy === 'off' ? undefined : await refusedLink(await links());
          return refused === undefined ? [] : [[fingerprint, unfitFor(fingerprint, refused)]];
        }),
      );
      return new Map(unfit.flat());
    },
  };
}

type OwnStatuses = Awaited<ReturnType<RevocationNeeds['ownStatusOf']>>;

/** Chains whose issuers are asked at the same time. */
const ASKED_AT_ONCE = 32;

function fingerprintsIn(chains: readonly (readonly CertificateLink[])[]): Fingerprint[] {
  return [...new Set(chains.flatMap((links) => links.map(({ certificate }) => certificate.fingerprint)))];
}

async function standingsOf(
  links: readonly CertificateLink[],
  own: OwnStatuses,
  needs: RevocationNeeds,
): Promise<Standing[]> {
  return await Promise.all(
    links.map(async ({ certificate, issuer }): Promise<Standing> => {
      const status = own.get(certificate.fingerprint);
      if (status !== undefined) return status === 'good' ? { standing: 'good' } : { standing: 'revoked', ...status };
      if (needs.policy === 'off') return { standing: 'nobody-to-ask' };
      if (await needs.isOwnAuthority(issuer)) {
        return { standing: 'unknown', why: 'the CA of this ecosystem that should have issued it has it not on record' };
      }
      return await needs.inquire(certificate, issuer);
    }),
  );
}

interface RefusedLink {
  readonly link: CertificateLink;
  readonly standing: Extract<Standing, { standing: 'revoked' | 'unknown' }>;
}

function refusalOf(refused: RefusedLink | undefined): DomainError | undefined {
  if (refused === undefined) return undefined;
  const { link, standing } = refused;
  return standing.standing === 'unknown'
    ? refuse('revocation-unknown', link.field, standing.why)
    : refuse('certificate-revoked', link.field, revokedText(standing));
}

function unfitFor(asked: Fingerprint, { link, standing }: RefusedLink): UnfitCertificate {
  const whose = link.certificate.fingerprint === asked ? '' : `${link.field} : `;
  return standing.standing === 'revoked'
    ? { kind: 'revoked', why: `${whose}${revokedText(standing)}` }
    : { kind: 'unknown', why: `${whose}its revocation status cannot be established: ${standing.why}` };
}
