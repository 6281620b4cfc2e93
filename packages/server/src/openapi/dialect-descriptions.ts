/** What the documents say of each dialect beside its operations. */
import type { Operation } from '../http/operation.ts';
import type { DialectDescription } from './document.ts';

/** The operations of each dialect, with their whole paths. */
export interface DialectOperations {
  readonly opnc: readonly Operation[];
  readonly opcp: readonly Operation[];
  readonly quickstart: readonly Operation[];
  /** What operators do beside the dialects. */
  readonly admin: readonly Operation[];
}

export type DialectName = keyof DialectOperations;

const opncParty = (what: string) => ({ type: 'string', description: `${what}; noted in the log.` });

const errorForm = 'Errors have one form: errorMessages and a traceId, which the header x-trace-id repeats.';

const common =
  `${errorForm} ` +
  'Letter case of the fixed parts of a path, and a slash at its end, do not matter. ' +
  'Where this differs from the reference of the interface, docs/dialects.md says so.';

export function dialectDescriptions({
  opnc,
  opcp,
  quickstart,
  admin,
}: DialectOperations): Record<DialectName, DialectDescription> {
  return {
    opnc: {
      title: 'plugpool: Open Plug & Charge Network Communication (OPNC)',
      description: common,
      version: '1',
      operations: opnc,
      headers: {
        'OPNC-from-party-type': opncParty('Role of who asks'),
        'OPNC-from-party-id': opncParty('Identifier of who asks'),
        'OPNC-to-party-type': opncParty('Role of who is asked'),
        'OPNC-to-party-id': opncParty('Identifier of who is asked'),
      },
      chapters: [
        { name: 'Root Certificate Pool', under: ['/opnc/v1/rcp/'] },
        { name: 'Provisioning Certificate Pool', under: ['/opnc/v1/pcp/'] },
        { name: 'Certificate Provisioning Service', under: ['/opnc/v1/cps/'] },
        { name: 'Contract Certificate Pool', under: ['/opnc/v1/ccp/'] },
        { name: 'PKI', under: ['/opnc/v1/pki/'] },
        { name: 'Events', under: ['/opnc/v1/event/'] },
      ],
    },
    opcp: {
      title: 'plugpool: Open Plug & Charge Protocol (OPCP) 1.0',
      description: common,
      version: '1.0',
      operations: opcp,
      chapters: [
        { name: 'Root Certificate Pool', under: ['/v1/root/'] },
        { name: 'Provisioning Certificate Pool', under: ['/v1/oem/'] },
        { name: 'Certificate Provisioning Service', under: ['/v1/cps/', '/cps/'] },
        { name: 'Contract Certificate Pool', under: ['/v1/ccp/'] },
        { name: 'Webhooks', under: ['/v1/webhook/'] },
        { name: 'Access', under: ['/oauth/'] },
        { name: 'Enrolment (EST)', under: ['/.well-known/', '/{ca}/'] },
      ],
    },
    quickstart: {
      title: 'plugpool: quick start of 2018',
      description: common,
      version: '1',
      operations: quickstart,
      chapters: [
        { name: 'RootCertificatePool', under: ['/HubjectWS/webresources/v1/root/'] },
        { name: 'ProvisioningCertificatePool', under: ['/HubjectWS/webresources/v1/oem/'] },
        { name: 'CertificateProvisioningService', under: ['/HubjectWS/webresources/v1/cps/'] },
        { name: 'ContractCertificatePool', under: ['/HubjectWS/webresources/v1/ccp/'] },
      ],
    },
    admin: {
      title: 'plugpool: administration',
      description: `What consoles and programs of operators use; for operators only. ${errorForm}`,
      version: '1',
      operations: admin,
      chapters: [
        { name: 'Parties', under: ['/admin/v1/parties'] },
        { name: 'Approvals', under: ['/admin/v1/approvals'] },
        { name: 'Audit log', under: ['/admin/v1/audit'] },
        { name: 'Webhooks', under: ['/admin/v1/webhooks'] },
        {
          name: 'Pools',
          under: ['/admin/v1/roots', '/admin/v1/vehicles', '/admin/v1/contracts', '/admin/v1/certificates'],
        },
        { name: 'Operation', under: ['/admin/v1/'] },
      ],
    },
  };
}
