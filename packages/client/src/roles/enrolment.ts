import type { CurveName, Edition } from '@plugpool/iso15118';
import type { CallOptions, EnrolOptions } from './call-options.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { Dialect, Run } from './dialect.ts';

/** The branches of the PKI that EST enrols for; `veh` is of ISO 15118-20 alone. */
export type CaDomain = 'oem' | 'veh' | 'emsp' | 'cpo' | 'cps';

export interface EstTarget {
  readonly caDomain: CaDomain;
  readonly edition: Edition;
  /** ISO 15118-20 has CAs of two algorithms; without it, what fits the edition best. */
  readonly algorithm?: CurveName | undefined;
}

/** EST simpleenroll (RFC 7030 §4.2) of one branch. @param request PKCS #10 in DER */
export type Enrol<C> = (edition: Edition, request: Uint8Array, options?: EnrolOptions) => Promise<C>;

export function enrolIn<C extends SentCertificate>(
  caDomain: CaDomain,
  dialect: Pick<Dialect<C>, 'enrol'>,
  run: Run<C>,
): Enrol<C> {
  return (edition, request, { algorithm, ...options }: EnrolOptions = {}) =>
    run(dialect.enrol, { target: { caDomain, edition, algorithm }, request }, options satisfies CallOptions);
}
