/** Who plays a life: the clients of any dialect, as far as it goes. */
import type { HttpCallerOptions } from '../http/http-caller.ts';
import { opcpClient } from '../opcp/opcp-client.ts';
import { opncClient } from '../opnc/opnc-client.ts';
import { quickStartClient } from '../quickstart/quick-start-client.ts';
import type { Anyone } from '../roles/anyone.ts';
import type { Cpo } from '../roles/cpo.ts';
import type { ContractData, Emsp } from '../roles/emsp.ts';
import type { Oem } from '../roles/oem.ts';

/** Steps whose operation is missing in the dialect are left out of the life. */
export interface LifeActors {
  readonly anyone: Pick<Anyone, 'roots' | 'caCertificates'>;
  readonly oem: Pick<Oem, 'enrol' | 'enrolForTls' | 'publishVehicle'> & Partial<Pick<Oem, 'provide'>>;
  readonly emsp: Pick<Emsp, 'enrol' | 'fetchVehicle'> & {
    signContractData(data: ContractData): Promise<unknown>;
  } & Partial<Pick<Emsp, 'generateAndSign' | 'contractsByEmaid'>>;
  readonly cpo: Pick<Cpo, 'installByRequest'>;
}

export const lifeDialects = ['opnc', 'opcp', 'quickstart'] as const;
export type LifeDialect = (typeof lifeDialects)[number];

export const actorsOf: Readonly<Record<LifeDialect, (options: HttpCallerOptions) => LifeActors>> = {
  opnc: opncClient,
  opcp: opcpClient,
  quickstart: quickStartClient,
};
