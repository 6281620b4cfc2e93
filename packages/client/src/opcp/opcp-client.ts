/** In Node certificates are read and checked for form as they arrive. */
import { readCertificate } from '@plugpool/iso15118';
import type { HttpCallerOptions } from '../http/http-caller.ts';
import { type RoleClients, roleClients } from '../roles/role-clients.ts';
import { opcp } from './opcp.ts';

/** Clients of an ecosystem that speaks the OPCP 1.0, one for each role, over one connection. */
export function opcpClient(options: HttpCallerOptions): RoleClients {
  return roleClients(opcp(), readCertificate, options);
}
