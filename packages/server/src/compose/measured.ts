/** Rooms that are counted: each call goes through as it is, and what came of it becomes a number. */
import type { Ecosystem } from '../ecosystem.ts';
import { DomainError } from '../kernel/domain-error.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { CertificateStatusService } from '../pki/status/certificate-status.ts';

const DONE = 'ok';

export function measuredEcosystem(ecosystem: Ecosystem, metrics: Metrics): Ecosystem {
  const { ccp, cps } = ecosystem;
  return {
    ...ecosystem,
    ccp: {
      ...ccp,
      async install(request) {
        const { edition } = request;
        const count = (result: string) => metrics.count('plugpool_installations_total', { edition, result });
        try {
          const outcome = await ccp.install(request);
          count(outcome.ok ? DONE : (outcome.reason ?? outcome.error.kind));
          return outcome;
        } catch (error) {
          count('error');
          throw error;
        }
      },
    },
    cps: {
      ...cps,
      sign: (data) => counted(cps.sign(data), contractData(metrics, 'sign', data.edition)),
      generate: (order) => counted(cps.generate(order), contractData(metrics, 'generate', order.edition)),
    },
  };
}

export function measuredPki(pki: PublicKeyInfrastructure, metrics: Metrics): PublicKeyInfrastructure {
  const issued = (kind: string, edition: string) => (result: string) =>
    metrics.count('plugpool_certificates_issued_total', { kind, edition, result });
  return {
    ...pki,
    issueContract: (order) => counted(pki.issueContract(order), issued('contract', order.edition)),
    enrol: (enrolment) => counted(pki.enrol(enrolment), issued(enrolment.domain, enrolment.edition)),
  };
}

export function measuredStatus(status: CertificateStatusService, metrics: Metrics): CertificateStatusService {
  return {
    ...status,
    async ocsp(request) {
      try {
        return await status.ocsp(request);
      } catch (error) {
        metrics.count('plugpool_ocsp_answers_total', { result: 'error' });
        throw error;
      }
    },
  };
}

const contractData = (metrics: Metrics, action: 'sign' | 'generate', edition: string) => (result: string) =>
  metrics.count('plugpool_contract_data_total', { action, edition, result });

/** `ok`, the kind of a refusal, or `error` for what is our fault. */
async function counted<T>(work: Promise<T>, count: (result: string) => void): Promise<T> {
  try {
    const value = await work;
    count(DONE);
    return value;
  } catch (error) {
    count(error instanceof DomainError ? error.kind : 'error');
    throw error;
  }
}
