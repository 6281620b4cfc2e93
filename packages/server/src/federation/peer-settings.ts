/** Peers as they are configured: a list of URLs, and descriptions with credentials in the configuration file. */
import {
  baseUrlOf,
  DEFAULT_PRIORITY,
  MOST_PRIORITY,
  PEER_DIALECTS,
  PEER_ROLES,
  type PeerCredentials,
  type PeerDescription,
} from './peer.ts';

/** What cannot be; the message says which field, and never a secret. */
export class PeerSettingsError extends Error {
  override readonly name = 'PeerSettingsError';
}

/**
 * @param list `URL,opcp=URL,…`, by flag or environment; undefined when neither names any
 * @param described the value of `peers` in the configuration file
 * @returns those of the list, as the file describes them where it does; without a list, all that the file describes
 */
export function peersOf(list: string | undefined, described: unknown): readonly PeerDescription[] {
  const inFile = descriptionsIn(described);
  if (list === undefined) return once(inFile);
  const named = list.split(',').flatMap((part) => (part.trim() === '' ? [] : [namedPeer(part.trim())]));
  return once(named.map((peer) => inFile.find(({ baseUrl }) => baseUrl === peer.baseUrl) ?? peer));
}

function namedPeer(text: string): PeerDescription {
  const [, dialect = 'opnc', url = ''] = /^(?:(opnc|opcp)=)?(.*)$/s.exec(text) ?? [];
  return described({ baseUrl: url, dialect }, '');
}

function descriptionsIn(value: unknown): readonly PeerDescription[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new PeerSettingsError('must be a list');
  return value.map((entry: unknown, index) => {
    if (typeof entry === 'string') return namedPeer(entry);
    return described(entry, `[${index}].`);
  });
}

const known = ['baseUrl', 'dialect', 'roles', 'priority', 'clientId', 'clientSecret', 'tokenUrl', 'audience'] as const;

function described(entry: unknown, at: string): PeerDescription {
  const fields = new Map<string, unknown>(Object.entries(Object(entry)));
  for (const name of fields.keys()) {
    if (!known.some((each) => each === name)) throw new PeerSettingsError(`${at}${name} means nothing`);
  }
  const credentials = credentialsOf(fields, at);
  return {
    baseUrl: urlOf(fields, 'baseUrl', at),
    dialect: oneOf(fields.get('dialect') ?? 'opnc', PEER_DIALECTS, `${at}dialect`),
    roles: rolesOf(fields.get('roles'), at),
    priority: priorityOf(fields.get('priority'), at),
    ...(credentials && { credentials }),
  };
}

function urlOf(fields: ReadonlyMap<string, unknown>, name: string, at: string): string {
  const text = fields.get(name);
  const url = typeof text === 'string' ? baseUrlOf(text) : undefined;
  // Not the value itself, which may hold a password.
  if (url === undefined) {
    throw new PeerSettingsError(`${at}${name} must be an http or https URL without password, query and fragment`);
  }
  return url;
}

function rolesOf(roles: unknown, at: string): PeerDescription['roles'] {
  if (roles === undefined) return PEER_ROLES;
  if (!Array.isArray(roles)) throw new PeerSettingsError(`${at}roles must be a list of ${PEER_ROLES.join(', ')}`);
  return roles.map((role: unknown) => oneOf(role, PEER_ROLES, `${at}roles`));
}

function priorityOf(priority: unknown, at: string): number {
  if (priority === undefined) return DEFAULT_PRIORITY;
  if (typeof priority === 'number' && Number.isInteger(priority) && priority >= 0 && priority <= MOST_PRIORITY) {
    return priority;
  }
  throw new PeerSettingsError(`${at}priority must be a whole number from 0 to ${MOST_PRIORITY}`);
}

function credentialsOf(fields: ReadonlyMap<string, unknown>, at: string): PeerCredentials | undefined {
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw new PeerSettingsError(`${at}${name} must be a text`);
  };
  const [clientId, clientSecret, audience] = [text('clientId'), text('clientSecret'), text('audience')];
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    throw new PeerSettingsError(`${at}clientId and ${at}clientSecret go together`);
  }
  const tokenUrl = fields.has('tokenUrl') ? urlOf(fields, 'tokenUrl', at) : undefined;
  return {
    clientId,
    clientSecret,
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(audience !== undefined && { audience }),
  };
}

function oneOf<T extends string>(value: unknown, values: readonly T[], name: string): T {
  const found = values.find((each) => each === value);
  if (found === undefined) throw new PeerSettingsError(`${name} must be one of ${values.join(', ')}`);
  return found;
}

function once(peers: readonly PeerDescription[]): readonly PeerDescription[] {
  return peers.filter(({ baseUrl }, index) => peers.findIndex((other) => other.baseUrl === baseUrl) === index);
}
