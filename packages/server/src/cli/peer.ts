import { readFile } from 'node:fs/promises';
import { DEFAULT_PRIORITY, MOST_PRIORITY, PEER_DIALECTS, PEER_ROLES, type Peer } from '../federation/peer.ts';
import { type PeerRegister, peerRegister } from '../federation/peer-register.ts';
import { systemClock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/domain-error.ts';
import type { OpenActions } from './actions/open-actions.ts';
import { asPerson, personOptions, personUsage } from './actions/person.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, wholeNumber } from './options.ts';
import { adopt, peerNamed, rootsOf, showRoots } from './peer/roots.ts';
import { openPki } from './pki/open-pki.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool peer add URL [--dialect opnc|opcp] [--role ROLE]… [--priority N]
                [--client-id ID --client-secret-file FILE [--token-url URL] [--audience NAME]] [--json] [OPTIONS]
       plugpool peer list [--json] [OPTIONS]
       plugpool peer remove ID… [OPTIONS]
       plugpool peer roots URL|ID [--adopt FINGERPRINT]… [--dialect opnc|opcp] [--by NAME] [--json] [OPTIONS]

The ecosystems that are asked for vehicles and contracts which are unknown here. Works on the database itself, while a
server runs or not. Those that a server has by its own options (--peer, PLUGPOOL_PEERS, "peers" in its file) are listed
where the same options are in the environment. With roots it shows the roots of an ecosystem, a peer or not, beside ours, and
adds those that are adopted, or proposes them where two operators decide.

  --dialect NAME               ${PEER_DIALECTS.join(', ')} (opnc)
  --role ROLE                  what it is asked for: rcp roots, pcp vehicles, ccp contracts; more than once (all)
  --priority N                 peers with lower numbers are asked first (${DEFAULT_PRIORITY})
  --client-id ID               by which the peer gives access tokens
  --client-secret-file FILE    its secret, the first line; kept sealed
  --token-url URL              where tokens are, if not at /oauth/token of the peer
  --audience NAME              what the tokens are for, if the peer wants to know
  --adopt FINGERPRINT          add this root of the peer to ours; more than once
  --json                       one JSON object, or array
${personUsage}${databaseUsage}`;

const options = {
  ...databaseOptions,
  ...personOptions,
  adopt: { type: 'string', multiple: true },
  dialect: { type: 'string' },
  role: { type: 'string', multiple: true },
  priority: { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret-file': { type: 'string' },
  'token-url': { type: 'string' },
  audience: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...rest] = positionals;
  const action = oneOf(word, 'the first word', ['add', 'list', 'remove', 'roots']);
  if (action === 'list' ? rest.length > 0 : rest.length === 0) {
    throw new UsageError(
      { add: 'name a URL', list: 'list takes no names', remove: 'name an ID', roots: 'name a URL or an ID' }[action],
    );
  }
  if ((action === 'add' || action === 'roots') && rest.length > 1)
    throw new UsageError(`"${rest[1]}" is one word too many`);
  const { store, keys, settings, rcp, approvals, close } = await openPki(values, io);
  try {
    const { peers: configured, allowPrivateTargets } = settings;
    const register = peerRegister({
      ...{ store, clock: systemClock, secrets: keys.secrets, configured },
      // Who works on the database itself may name any address; the server judges it when it calls.
      targets: { allowPrivateTargets: allowPrivateTargets || action === 'add' },
    });
    switch (action) {
      case 'add':
        return await add(register, rest[0] ?? '', values, io);
      case 'list':
        return list(await register.list(), values.json === true, io);
      case 'remove':
        return await remove(register, rest, io);
      case 'roots': {
        const dialect = oneOf(values.dialect ?? 'opnc', '--dialect', PEER_DIALECTS);
        const peer = peerNamed(rest[0] ?? '', await register.list(), dialect);
        return await asPerson(values.by, () => roots(peer, { rcp, approvals, settings }, values, io));
      }
    }
  } finally {
    await close();
  }
}

async function add(register: PeerRegister, baseUrl: string, values: Values, io: Io): Promise<number> {
  const credentials = await credentialsIn(values);
  const roles = (values.role ?? []).map((role) => oneOf(role, '--role', PEER_ROLES));
  try {
    const peer = await register.add({
      baseUrl,
      dialect: oneOf(values.dialect ?? 'opnc', '--dialect', PEER_DIALECTS),
      roles: roles.length === 0 ? PEER_ROLES : roles,
      priority: wholeNumber(values.priority ?? String(DEFAULT_PRIORITY), 'priority', { min: 0, max: MOST_PRIORITY }),
      ...(credentials && { credentials }),
    });
    io.stdout.write(values.json === true ? `${JSON.stringify(inJson(peer))}\n` : `${peer.id}  ${peer.baseUrl}\n`);
    return 0;
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.errorMessages.join('; '), { cause: error });
    throw error;
  }
}

async function credentialsIn(values: Values) {
  const { 'client-id': clientId, 'client-secret-file': file, 'token-url': tokenUrl, audience } = values;
  if (clientId === undefined && file === undefined) return undefined;
  if (clientId === undefined || file === undefined) {
    throw new UsageError('--client-id and --client-secret-file go together');
  }
  const [clientSecret = ''] = (await contentOf(file)).split(/\r?\n/);
  if (clientSecret === '') throw new CommandFailure(`${file} has an empty first line`);
  return {
    ...{ clientId, clientSecret },
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(audience !== undefined && { audience }),
  };
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function list(peers: readonly Peer[], asJson: boolean, io: Io): number {
  if (asJson) {
    io.stdout.write(`${JSON.stringify(peers.map(inJson))}\n`);
    return 0;
  }
  const columns = ['ID', 'DIALECT', 'ROLES', 'PRIORITY', 'SOURCE', 'URL'].map((title) => ({ title }));
  const rows = peers.map(({ id, dialect, roles, priority, source, baseUrl, enabled }) => [
    id,
    dialect,
    roles.join(','),
    String(priority),
    enabled ? source : `${source}, disabled`,
    baseUrl,
  ]);
  io.stdout.write(rows.length === 0 ? 'no peers\n' : formatTable(columns, rows));
  return 0;
}

async function roots(
  peer: Peer,
  { rcp, approvals, settings }: Pick<OpenActions, 'rcp' | 'approvals' | 'settings'>,
  { adopt: fingerprints = [], json }: Values,
  io: Io,
): Promise<number> {
  try {
    const found = await rootsOf(peer, await rcp.list(), settings.peerDeadlineMs);
    if (fingerprints.length === 0) showRoots(found, json === true, io);
    else await adopt(fingerprints, found.roots, approvals, io);
    return 0;
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.errorMessages.join('; '), { cause: error });
    throw error;
  }
}

async function remove(register: PeerRegister, ids: readonly string[], io: Io): Promise<number> {
  let failed = false;
  for (const id of ids) {
    try {
      await register.remove(id);
      io.stdout.write(`removed ${id}\n`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      failed = true;
      io.stderr.write(`plugpool peer: ${id}: ${error.message}\n`);
    }
  }
  return failed ? 1 : 0;
}

/** Without the secret. */
function inJson({ credentials, createdAt, ...peer }: Peer) {
  return {
    ...peer,
    ...(credentials && { clientId: credentials.clientId }),
    ...(createdAt !== undefined && { createdAt: new Date(createdAt).toISOString() }),
  };
}
