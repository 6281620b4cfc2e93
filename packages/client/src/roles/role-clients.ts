/** The clients of all roles over one connection, in whatever dialect: each operation exists once. */
import type { Certificate } from '@plugpool/iso15118';
import type { HttpCallerOptions } from '../http/http-caller.ts';
import { httpCaller } from '../http/http-caller.ts';
import type { CertificateReader } from '../http/json-answer.ts';
import { type Anyone, anyone } from './anyone.ts';
import type { SentCertificate } from './certificate-chain.ts';
import { type Cpo, cpo } from './cpo.ts';
import { type Cps, cps } from './cps.ts';
import type { Dialect } from './dialect.ts';
import { type Emsp, emsp } from './emsp.ts';
import { type Oem, oem } from './oem.ts';
import { type Operator, operator } from './operator.ts';
import { runInstallations, runSpellings } from './run.ts';
import { type Webhooks, webhooks } from './webhooks.ts';

/** Every operation of the clients fails with a `CallError`. */
export interface RoleClients<C extends SentCertificate = Certificate> {
  readonly anyone: Anyone<C>;
  readonly oem: Oem<C>;
  readonly emsp: Emsp<C>;
  readonly cpo: Cpo<C>;
  readonly cps: Cps<C>;
  readonly operator: Operator<C>;
  /** Of whatever role the access token is for. */
  readonly webhooks: Webhooks;
}

export function roleClients<C extends SentCertificate>(
  dialect: Dialect<C>,
  readCertificate: CertificateReader<C>,
  options: HttpCallerOptions,
): RoleClients<C> {
  const wire = { caller: httpCaller(options), baseUrl: options.baseUrl, readCertificate };
  const run = runSpellings(wire);
  return {
    anyone: anyone(dialect, run),
    oem: oem(dialect, run),
    emsp: emsp(dialect, run),
    cpo: cpo(dialect, run, runInstallations(wire)),
    cps: cps(dialect, run),
    operator: operator(dialect, run),
    webhooks: webhooks(dialect, run),
  };
}
