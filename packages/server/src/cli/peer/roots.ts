/** `plugpool peer roots`: what a peer trusts beside what is trusted here, and taking chosen roots over. */
import { formatName } from '@plugpool/iso15118';
import type { Approvals } from '../../approvals/approvals.ts';
import {
  baseUrlOf,
  DEFAULT_PRIORITY,
  PEER_ROLES,
  type Peer,
  type PeerDialect,
  peerIdOf,
} from '../../federation/peer.ts';
import { peerClients } from '../../federation/peer-clients.ts';
import { type PeerRoot, type PeerRoots, peerRoots } from '../../federation/peer-roots.ts';
import { outgoingHttp } from '../../outgoing/outgoing-http.ts';
import type { RootCertificate } from '../../rcp/root-certificate.ts';
import { showProposed } from '../actions/person.ts';
import { CommandFailure } from '../command.ts';
import type { Io } from '../io.ts';
import { formatTable } from '../table.ts';

/** By its id or its URL; an ecosystem that is no peer can be asked as well. @throws CommandFailure */
export function peerNamed(name: string, peers: readonly Peer[], dialect: PeerDialect): Peer {
  const baseUrl = baseUrlOf(name);
  const known = peers.find((peer) => peer.id === name || peer.baseUrl === baseUrl);
  if (known !== undefined) return known;
  if (baseUrl === undefined) throw new CommandFailure(`${name} is neither the id of a peer nor a URL`);
  const id = peerIdOf(baseUrl);
  return { id, baseUrl, dialect, roles: PEER_ROLES, priority: DEFAULT_PRIORITY, enabled: true, source: 'register' };
}

/** Throws `peer-unanswered`. */
export async function rootsOf(peer: Peer, ours: readonly RootCertificate[], deadlineMs: number): Promise<PeerRoots> {
  // Who works on the database itself may ask any address.
  const clients = await peerClients({ send: outgoingHttp({ allowPrivateTargets: true }), deadlineMs })(peer);
  return await peerRoots({ clients, ours, now: Date.now(), deadlineMs });
}

export function showRoots({ roots, ours, trustList }: PeerRoots, asJson: boolean, io: Io): void {
  if (asJson) {
    const shown = roots.map(({ certificate, ...root }) => ({ ...facts(certificate), ...root }));
    const alone = ours.map(({ certificate, types }) => ({ ...facts(certificate), types }));
    io.stdout.write(`${JSON.stringify({ roots: shown, ours: alone, trustList })}\n`);
    return;
  }
  const columns = ['HERE', 'TYPES', 'SIGNED LIST', 'FINGERPRINT', 'SUBJECT'].map((title) => ({ title }));
  const rows = roots.map(({ certificate, types, difference, onTrustList }) => [
    { unknown: 'no', 'other-types': 'for other types', same: 'yes' }[difference],
    types.join(','),
    onTrustList === undefined ? '' : onTrustList ? 'yes' : 'no',
    certificate.fingerprint,
    formatName(certificate.subject),
  ]);
  io.stdout.write(rows.length === 0 ? 'the peer has no roots\n' : formatTable(columns, rows));
  if (ours.length > 0) io.stdout.write(`${ours.length} roots of ours are not there\n`);
  if (trustList?.problem !== undefined) io.stdout.write(`its signed list is not believed: ${trustList.problem}\n`);
}

/** Adds the chosen ones, or proposes them where two operators decide. @throws CommandFailure */
export async function adopt(
  fingerprints: readonly string[],
  roots: readonly PeerRoot[],
  approvals: Approvals,
  io: Io,
): Promise<void> {
  const chosen = fingerprints.map((fingerprint) => {
    const root = roots.find(({ certificate }) => certificate.fingerprint === fingerprint.toLowerCase());
    if (root === undefined) throw new CommandFailure(`the peer has no root ${fingerprint}`);
    return root;
  });
  for (const { certificate, types, ctlList } of chosen) {
    const order = { certificate: Buffer.from(certificate.der).toString('base64'), types, ctlList };
    const added = await approvals.perform('root.add', order);
    if ('proposed' in added) showProposed(added.proposed, false, io);
    else io.stdout.write(`${added.done.id}  ${added.done.types.join(',')}  ${formatName(certificate.subject)}\n`);
  }
}

function facts(certificate: RootCertificate['certificate']) {
  return { fingerprint: certificate.fingerprint, subject: formatName(certificate.subject) };
}
