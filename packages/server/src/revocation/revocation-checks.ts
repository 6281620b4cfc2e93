/**
 * Revocation of certificates as the other rooms ask about it: our own are looked up in the database, those of others
 * are asked about over HTTP. What an unknown status means is the operator's choice.
 */
import type { Certificate, Fingerprint, Revoked } from '@plugpool/iso15118';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Inquire } from './inquiry.ts';
import { revokedText, type Standing } from './standing.ts';

/** `require`: no answer is a refusal; `soft-fail`: it is noted; `off`: nobody is asked. */
export const REVOCATION_POLICIES = ['require', 'soft-fail', 'off'] as const;
export type RevocationPolicy = (typeof REVOCATION_POLICIES)[number];

export interface RevocationNeeds {
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
  /** Those of the certificates that must not be used, for themselves or for a CA above them. */
  unfitAmong(asked: readonly AskedCertificate[]): Promise<ReadonlyMap<Fingerprint, UnfitCertificate>>;
}

export function revocationChecks(needs: RevocationNeeds): RevocationChecks {
  const { policy, note } = needs;

  /** The first link that is to be refused, leaf first; a revoked one before an unknown one. */
  async function refusedLink(links: readonly CertificateLink[]) {
    const standings = await standingsOf(links, needs);
    const judged = links.map((link, index) => ({ link, standing: standings[index] }));
    for (const { link, standing } of judged) {
      if (standing?.standing === 'revoked') return { link, standing };
    }
    for (const { link, standing } of judged) {
      if (standing?.standing !== 'unknown') continue;
      if (policy === 'require') return { link, standing };
      const { fingerprint } = link.certificate;
      note('revocation status is unknown, let pass', { field: link.field, fingerprint, why: standing.why });
    }
    return undefined;
  }

  return {
    async check(links) {
      const refused = await refusedLink(links);
      if (refused === undefined) return;
      const { link, standing } = refused;
      if (standing.standing === 'unknown') throw refuse('revocation-unknown', link.field, standing.why);
      throw refuse('certificate-revoked', link.field, revokedText(standing));
    },

    async unfitAmong(asked) {
      const own = await needs.ownStatusOf(asked.map(({ fingerprint }) => fingerprint));
      const unfit = await Promise.all(
        asked.map(async ({ fingerprint, links }): Promise<(readonly [Fingerprint, UnfitCertificate])[]> => {
          const status = own.get(fingerprint);
          if (status === 'good') return [];
          if (status !== undefined) return [[fingerprint, { kind: 'revoked', why: revokedText(status) }]];
          const refused = policy === 'off' ? undefined : await refusedLink(await links());
          return refused === undefined ? [] : [[fingerprint, unfitFor(fingerprint, refused)]];
        }),
      );
      return new Map(unfit.flat());
    },
  };
}

async function standingsOf(links: readonly CertificateLink[], needs: RevocationNeeds): Promise<Standing[]> {
  const own = await needs.ownStatusOf(links.map(({ certificate }) => certificate.fingerprint));
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

function unfitFor(
  asked: Fingerprint,
  refused: {
    readonly link: CertificateLink;
    readonly standing: Extract<Standing, { standing: 'revoked' | 'unknown' }>;
  },
): UnfitCertificate {
  const { link, standing } = refused;
  const whose = link.certificate.fingerprint === asked ? '' : `${link.field} : `;
  return standing.standing === 'revoked'
    ? { kind: 'revoked', why: `${whose}${revokedText(standing)}` }
    : { kind: 'unknown', why: `${whose}its revocation status cannot be established: ${standing.why}` };
}
