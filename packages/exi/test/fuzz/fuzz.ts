import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decode, decodeFragment, ExiError, encode, encodeFragment, type SchemaSet } from '../../src/index.ts';
import { changeKinds, mutated } from '../mutations.ts';
import { type FragmentVector, fromHex, setNamed, vectorsIn } from '../vectors.ts';

/** What became of a run of mutated streams. */
export interface FuzzReport {
  readonly cases: number;
  readonly seed: number;
  /** Streams that were messages all the same; each was encoded, decoded and encoded again, to the same octets. */
  readonly accepted: number;
  /** Accepted streams that came back octet for octet, padding aside. */
  readonly canonical: number;
  /** Rejected streams by error code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The longest single case. */
  readonly slowestMs: number;
  /** Live heap after a collection, in octets: behind the first tenth of the cases, and at the end. */
  readonly heapBefore: number;
  readonly heapAfter: number;
}

interface Subject {
  readonly bytes: Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly encode: (value: unknown) => Uint8Array;
}

/** A case that takes this long hangs. */
const HANG_MS = 2000;

/**
 * Mutates the golden vectors `cases` times, the same way for the same seed. Throws with the octets in hex when anything
 * but a message or a located ExiError comes out, when a message does not survive encoding, or when a case hangs.
 */
export function fuzz(cases: number, seed: number): FuzzReport {
  const subjects = allSubjects();
  const random = randomNumbers(seed);
  const rejected: Record<string, number> = {};
  let accepted = 0;
  let canonical = 0;
  let slowestMs = 0;
  let heapBefore = 0;
  for (let done = 0; done < cases; done++) {
    if (done === Math.floor(cases / 10)) heapBefore = liveHeap();
    const subject = subjects[random(subjects.length)];
    if (subject === undefined) continue;
    let bytes = subject.bytes;
    for (let changes = random(3) + 1; changes > 0; changes--) bytes = changed(bytes, random);
    const start = performance.now();
    const outcome = outcomeOf(subject, bytes);
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (slowestMs > HANG_MS) throw new Error(`${slowestMs} ms for ${hex(bytes)}`);
    if (outcome instanceof ExiError) rejected[outcome.code] = (rejected[outcome.code] ?? 0) + 1;
    else accepted++;
    if (outcome === 'canonical') canonical++;
  }
  return { cases, seed, accepted, canonical, rejected, slowestMs, heapBefore, heapAfter: liveHeap() };
}

function outcomeOf(subject: Subject, bytes: Uint8Array): ExiError | 'canonical' | 'accepted' {
  let value: unknown;
  try {
    value = subject.decode(bytes);
  } catch (error) {
    return located(error, bytes);
  }
  const first = subject.encode(value);
  const second = subject.encode(subject.decode(first));
  if (!sameOctets(first, second)) throw new Error(`not the same again: ${hex(bytes)}`);
  return sameOctets(first, bytes.subarray(0, first.length)) ? 'canonical' : 'accepted';
}

function located(error: unknown, bytes: Uint8Array): ExiError {
  if (!(error instanceof ExiError)) throw new Error(`a foreign error for ${hex(bytes)}`, { cause: error });
  const { bitOffset = -1 } = error;
  if (bitOffset < 0 || bitOffset > bytes.length * 8)
    throw new Error(`bit ${bitOffset} of ${hex(bytes)}`, { cause: error });
  return error;
}

function allSubjects(): Subject[] {
  const documents = ['iso15118-2', 'iso15118-20-common', 'app-protocol'].flatMap((name) => {
    const set = setNamed(name);
    return vectorsIn(name).map(({ exiHex }) => documentSubject(set, fromHex(exiHex)));
  });
  const fragments = vectorsIn<FragmentVector>('fragments')
    .filter(({ name }) => !name.endsWith('-singletype'))
    .map(({ schemaSet, exiHex }) => fragmentSubject(setNamed(schemaSet), fromHex(exiHex)));
  return [...documents, ...fragments].filter(({ bytes }) => bytes.length < 3000);
}

function documentSubject(set: SchemaSet, bytes: Uint8Array): Subject {
  return {
    bytes,
    decode: (octets) => decode(set, octets, { allowTrailing: true }),
    encode: (value) => encode(set, value),
  };
}

function fragmentSubject(set: SchemaSet, bytes: Uint8Array): Subject {
  return {
    bytes,
    decode: (octets) => decodeFragment(set, octets, { allowTrailing: true }),
    encode: (fragment) => {
      const { name, uri, value } = fragment as ReturnType<typeof decodeFragment>;
      return encodeFragment(set, { name, uri }, value);
    },
  };
}

type Random = (below: number) => number;

/** Xorshift of 32 bits: quick, and the same everywhere. */
function randomNumbers(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function changed(bytes: Uint8Array, random: Random): Uint8Array {
  const octets = Uint8Array.from({ length: random(8) + 1 }, () => random(256));
  return mutated(bytes, { at: random(65_536), kind: changeKinds[random(changeKinds.length)] ?? 'flip', octets });
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
