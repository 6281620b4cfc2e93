/** The door to what this ecosystem tells of the certificates it issued: OCSP answers and revocation lists. */
import { hash } from 'node:crypto';
import { isCa, writeOcspErrorResponse } from '@plugpool/iso15118/pki';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { KeyStore } from '../../keys/key-store.ts';
import type { Store } from '../../store/store.ts';
import type { PublicKeyInfrastructure } from '../public-key-infrastructure.ts';
import { certificateLists } from './certificate-lists.ts';
import { type Freshness, type OcspAnswer, type OcspAnswered, ocspAnswers } from './ocsp-answers.ts';
import { ocspResponders } from './ocsp-responders.ts';

export type { Freshness, OcspAnswer, OcspAnswered } from './ocsp-answers.ts';

/** Reads the database each time it is asked: what is revoked is told at once, whichever replica revoked it. */
export interface CertificateStatusService {
  /** DER of an OCSPRequest in; whatever it says, there is an answer. Throws only what is not the asker's fault. */
  ocsp(request: Uint8Array): Promise<OcspAnswer>;
  /** For when `ocsp` throws. */
  readonly ocspInternalError: OcspAnswer;
  /**
   * The revocation list of an authority.
   * @throws DomainError `authority-not-found`, also for a signer that issues nothing
   */
  crl(authorityName: string): Promise<{ readonly der: Uint8Array; readonly freshness: Freshness }>;
}

export interface CertificateStatusParts {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly pki: Pick<PublicKeyInfrastructure, 'authorities' | 'authority'>;
  /** Hears of each answer of the OCSP responder. */
  readonly ocspAnswered?: (how: OcspAnswered) => void;
}

export function certificateStatus(parts: CertificateStatusParts): CertificateStatusService {
  const { store, keys, clock, pki, ocspAnswered: answered } = parts;
  const responders = ocspResponders({ store, keys, clock });
  const answers = ocspAnswers({
    store,
    clock,
    responders,
    answered,
    authorities: async () => (await pki.authorities()).filter(({ certificate }) => isCa(certificate)),
  });
  const lists = certificateLists({ store, keys, clock });
  return {
    ocsp: (request) => answers.to(request),
    ocspInternalError: { der: writeOcspErrorResponse('internalError') },
    async crl(authorityName) {
      const authority = await pki.authority(authorityName);
      if (!isCa(authority.certificate)) throw refuse('authority-not-found', authorityName);
      const { der, number, thisUpdate, nextUpdate } = await lists.of(authority);
      // The number stands for one content of one authority, but an address may be served by another ecosystem tomorrow.
      return { der, freshness: { thisUpdate, nextUpdate, tag: `${number}-${hash('sha1', der, 'hex').slice(0, 16)}` } };
    },
  };
}
