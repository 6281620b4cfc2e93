/**
 * The door for browsers: the clients of all roles, without anything of Node. Certificates are handed out as their
 * octets, since reading them whole needs Node's cryptography.
 */
import type { HttpCallerOptions } from './http/http-caller.ts';
import { opcp } from './opcp/opcp.ts';
import { opnc } from './opnc/opnc.ts';
import type { SentCertificate } from './roles/certificate-chain.ts';
import { type RoleClients, roleClients } from './roles/role-clients.ts';

export * from './http.ts';

export function opncClient(options: HttpCallerOptions): RoleClients<SentCertificate> {
  return roleClients(opnc(), sentCertificate, options);
}

export function opcpClient(options: HttpCallerOptions): RoleClients<SentCertificate> {
  return roleClients(opcp(), sentCertificate, options);
}

function sentCertificate(der: Uint8Array): SentCertificate {
  return { der };
}
