/** The clients of the quick start: the roles that it has, with the operations that it has. */
import { type Certificate, readCertificate } from '@plugpool/iso15118';
import { type HttpCallerOptions, httpCaller } from '../http/http-caller.ts';
import type { Anyone } from '../roles/anyone.ts';
import type { ChangeOptions } from '../roles/call-options.ts';
import type { Cpo } from '../roles/cpo.ts';
import type { ContractData, Emsp } from '../roles/emsp.ts';
import { enrolIn } from '../roles/enrolment.ts';
import type { Oem } from '../roles/oem.ts';
import { runInstallations, runSpellings } from '../roles/run.ts';
import { quickStart } from './quick-start.ts';

export interface QuickStartClients {
  readonly anyone: Pick<Anyone, 'roots' | 'root' | 'caCertificates'>;
  readonly oem: Pick<Oem, 'enrol' | 'enrolForTls' | 'publishVehicle' | 'fetchVehicle' | 'depublishVehicle'>;
  readonly emsp: Pick<Emsp, 'enrol' | 'fetchVehicle'> & {
    /** Has the CPS sign and store contract data that the eMSP made itself. */
    signContractData(data: ContractData, options?: ChangeOptions): Promise<void>;
    withdraw(emaid: string, options?: ChangeOptions): Promise<void>;
  };
  readonly cpo: Cpo;
}

/** Clients of an ecosystem that speaks the quick start of 2018, one for each role, over one connection. */
export function quickStartClient(options: HttpCallerOptions): QuickStartClients {
  const dialect = quickStart<Certificate>();
  const wire = { caller: httpCaller(options), baseUrl: options.baseUrl, readCertificate };
  const run = runSpellings(wire);
  const runInstallation = runInstallations(wire);
  const fetchVehicle: Oem['fetchVehicle'] = (pcid, { edition, ...rest } = {}) =>
    run(dialect.vehicle, { pcid, edition }, rest);
  const enrolForTls = enrolIn('veh', dialect, run);
  return {
    anyone: {
      async roots({ type, ...rest } = {}) {
        const roots = await run(dialect.roots, type, rest);
        return roots.filter(({ types }) => type === undefined || types.includes(type));
      },
      root: (id, rest) => run(dialect.root, id, rest),
      caCertificates: (target, rest) => run(dialect.caCertificates, target, rest),
    },
    oem: {
      enrol: enrolIn('oem', dialect, run),
      enrolForTls: (request, rest) => enrolForTls('ISO15118-20', request, rest),
      publishVehicle: (vehicle, rest) => run(dialect.publishVehicle, vehicle, rest),
      fetchVehicle,
      depublishVehicle: (pcid, rest) => run(dialect.depublishVehicle, pcid, rest),
    },
    emsp: {
      enrol: enrolIn('emsp', dialect, run),
      fetchVehicle,
      signContractData: (data, rest) => run(dialect.forwardContractData, data, rest),
      withdraw: (emaid, rest) => run(dialect.withdraw, emaid, rest),
    },
    cpo: {
      enrol: enrolIn('cpo', dialect, run),
      installByRequest: (request, rest) => runInstallation(dialect.installByRequest, request, rest),
    },
  };
}
