import type { Certificate, Edition } from '@plugpool/iso15118';
import type { CallOptions } from './call-options.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { SignedContractData } from './contracts.ts';
import type { Dialect, Run } from './dialect.ts';
import { type Enrol, enrolIn } from './enrolment.ts';

/** The backend of a charge point operator. */
export interface Cpo<C extends SentCertificate = Certificate> {
  /** For the certificate of a charging station: the common name of the request is the EVSEID or SECCID. */
  readonly enrol: Enrol<C>;
  /**
   * Passes on what a car sent, and gives what shall go back to it. A failure that comes with an EXI answer for the car
   * is `delivered: false` and no `CallError`, because the charger has something to send.
   */
  installByRequest(request: InstallRequest, options?: CallOptions): Promise<InstallAnswer>;
}

export interface InstallRequest {
  readonly edition: Edition;
  /** CertificateInstallationReq as EXI. */
  readonly installationReq: Uint8Array;
  /** `false`: failures come as the error body with its texts. The ecosystem's default is `true`. */
  readonly alwaysReturnExi?: boolean;
}

export interface InstallAnswer {
  readonly delivered: boolean;
  readonly status: number;
  /** At least one; one failure response when nothing was delivered. */
  readonly responses: readonly SignedContractData[];
}

/** Like `Run`, and takes a refusal that holds a response for the car as an answer. */
export type RunInstallation<C extends SentCertificate> = (
  spelling: Dialect<C>['installByRequest'],
  request: InstallRequest,
  options?: CallOptions,
) => Promise<InstallAnswer>;

export function cpo<C extends SentCertificate>(
  dialect: Dialect<C>,
  run: Run<C>,
  runInstallation: RunInstallation<C>,
): Cpo<C> {
  return {
    enrol: enrolIn('cpo', dialect, run),
    installByRequest: (request, options) => runInstallation(dialect.installByRequest, request, options),
  };
}
