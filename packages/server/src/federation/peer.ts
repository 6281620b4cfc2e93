/** Another ecosystem that is asked for what is unknown here. */
import { createHash } from 'node:crypto';

export const PEER_DIALECTS = ['opnc', 'opcp'] as const;
export type PeerDialect = (typeof PEER_DIALECTS)[number];

/** What a peer is asked for: its roots, its vehicles, its contracts. */
export const PEER_ROLES = ['rcp', 'pcp', 'ccp'] as const;
export type PeerRole = (typeof PEER_ROLES)[number];

/** By which a peer gives us access tokens (RFC 6749 §4.4). */
export interface PeerCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `/oauth/token` of the peer when it is left out. */
  readonly tokenUrl?: string;
  readonly audience?: string;
}

export interface PeerDescription {
  /** Without a slash at the end; what comes before the paths of the dialect. */
  readonly baseUrl: string;
  readonly dialect: PeerDialect;
  readonly roles: readonly PeerRole[];
  /** Peers with lower numbers are asked first. */
  readonly priority: number;
  readonly credentials?: PeerCredentials;
}

export interface Peer extends PeerDescription {
  readonly id: string;
  /** Peers of the configuration can be changed there only. */
  readonly source: 'configuration' | 'register';
  readonly enabled: boolean;
  /** Epoch milliseconds; undefined for peers of the configuration. */
  readonly createdAt?: number;
}

export const DEFAULT_PRIORITY = 100;
export const MOST_PRIORITY = 1_000_000;

/** The same peer has the same id in the configuration of every replica, and in the register. */
export function peerIdOf(baseUrl: string): string {
  const hex = createHash('sha256').update(baseUrl).digest('hex');
  // A UUID of version 8 (RFC 9562 §5.8).
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** In its one form; undefined for what is no HTTP URL, or holds a password, query or fragment. */
export function baseUrlOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}
