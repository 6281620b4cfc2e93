/** In Node certificates are read and checked for form as they arrive. */
import { readCertificate } from '@plugpool/iso15118';
import type { HttpCallerOptions } from '../http/http-caller.ts';
import { type RoleClients, roleClients } from '../roles/role-clients.ts';
import { opnc } from './opnc.ts';

/** Clients of an ecosystem that speaks the OPNC, one for each role, over one connection. */
export function opncClient(options: HttpCallerOptions): RoleClients {
  return roleClients(opnc(), readCertificate, options);
}
