/** What the requests of all dialects have in common. */
import { type Edition, namespaceOfEdition } from '@plugpool/iso15118';
import type { ContractToGenerate } from './dialect.ts';
import { type Ask, listOf, memberOf } from './probe.ts';

export const get = (path: string): Ask => ({ method: 'GET', path });
export const remove = (path: string): Ask => ({ method: 'DELETE', path });
export const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
export const inEdition = (edition: Edition) => ({ xsdMsgDefNamespace: namespaceOfEdition(edition) });
export const narrowed = (path: string, edition: Edition, more = '') =>
  get(`${path}?xsdMsgDefNamespace=${encodeURIComponent(namespaceOfEdition(edition))}${more}`);

export const generation = ({ emaid, pcid, begins, ends }: ContractToGenerate, edition: Edition) => ({
  emaid,
  pcid,
  contractBegins: begins,
  contractEnds: ends,
  ...inEdition(edition),
});
export const installation = (request: Uint8Array, edition: Edition) => ({
  certificateInstallationReq: base64(request),
  ...inEdition(edition),
});
export const entriesIn = (list: unknown) =>
  listOf(list).map((entry) => ({
    emaid: String(memberOf(entry, 'emaid')),
    isDefault: memberOf(entry, 'defaultContract') === true,
  }));
export const signingRequest = (request: Uint8Array) => ({
  method: 'POST',
  type: 'application/pkcs10',
  body: base64(request),
});
