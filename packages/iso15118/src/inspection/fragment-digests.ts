import { createHash } from 'node:crypto';
import { algorithms } from '../algorithms.ts';
import { messagesOf } from './edition-messages.ts';
import type { Reading } from './recognition.ts';

export interface FragmentDigest {
  readonly method: string;
  /** Hexadecimal. */
  readonly value: string;
}

/** What a signature has as DigestValue of the element that a fragment is of; none for what no reference points at. */
export function fragmentDigests({ schema, kind }: Reading, root: string, exi: Uint8Array): FragmentDigest[] {
  const edition = kind === 'fragment' && root !== 'SignedInfo' ? messagesOf(schema)?.edition : undefined;
  const digests = Object.values(algorithms)
    .filter((algorithm) => algorithm.edition === edition)
    .flatMap((algorithm) => algorithm.digests);
  return [...new Set(digests)].map(({ hash, size }) => ({
    method: hash.toUpperCase(),
    value: createHash(hash, { outputLength: size }).update(exi).digest('hex'),
  }));
}
