interface Output {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/**
 * The buffer of the last finished writer, for the next one: allocating costs more than writing a small message. A writer
 * takes it away while it works, so writers inside writers have buffers of their own. Every octet is set before it is
 * read, so what is left in it does not matter.
 */
let spare: Output | undefined;

const FIRST_CAPACITY = 4096;
/** V8 keeps so few octets beside their array. To look at them as words it would move them out, which takes longer. */
const INSIDE_HEAP = 64;
const MAX_SPARE = 64 * 1024;

/** Writes bits, most significant first, into a buffer that grows by doubling. */
export class BitWriter {
  private output: Output;
  private view: DataView<ArrayBuffer>;
  /** Where the last word that fits begins. */
  private lastWord: number;
  private index = 0;
  /** The octet under construction: its upper `used` bits are set, the others are zero. */
  private pending = 0;
  private used = 0;

  constructor() {
    const output = spare ?? outputOf(FIRST_CAPACITY);
    spare = undefined;
    this.output = output;
    this.view = output.view;
    this.lastWord = output.data.length - 4;
  }

  /** Bits written so far. */
  get position(): number {
    return this.index * 8 + this.used;
  }

  /** Goes back to an earlier `position`; the bits before it stay. */
  rewind(position: number): void {
    if (position === this.position) return;
    this.index = position >>> 3;
    this.used = position & 7;
    const octet = this.output.data[this.index] as number;
    this.pending = octet & ~(0xff >>> this.used);
  }

  /** The lowest `width` bits (0 to 24) of `value`. A whole word is written each time: the next one overwrites its rest. */
  bits(value: number, width: number): void {
    const { index } = this;
    if (index > this.lastWord) this.grow(index + 4);
    const total = this.used + width;
    const word = (this.pending << 24) | ((value << 1) << (31 - total));
    this.view.setUint32(index, word);
    this.index = index + (total >>> 3);
    this.pending = (word << (total & 24)) >>> 24;
    this.used = total & 7;
  }

  /** One octet at any bit offset. */
  octet(value: number): void {
    this.bits(value, 8);
  }

  /** All of `octets`, four at a time where that pays. */
  octets(octets: Uint8Array): void {
    const length = octets.length;
    this.reserve(length + 4);
    if (this.used === 0) {
      this.output.data.set(octets, this.index);
      this.index += length;
    } else if (length <= INSIDE_HEAP) {
      this.putOctets(octets, 0);
    } else {
      this.putWords(octets);
    }
  }

  /** The ASCII characters of `text` from index `at`, one octet each, up to the first other character: its index. */
  ascii(text: string, at: number): number {
    const length = text.length;
    this.reserve(length - at);
    const { used } = this;
    const { data } = this.output;
    const up = 8 - used;
    let { index, pending } = this;
    for (; at < length; at++) {
      const character = text.charCodeAt(at);
      if (character > 0x7f) break;
      data[index++] = pending | (character >>> used);
      pending = (character << up) & 0xff;
    }
    this.index = index;
    this.pending = pending;
    return at;
  }

  /**
   * The stream, its last octet padded with zero bits, for `use` and for as long as that runs: the octets are those of the
   * buffer. Ends the life of the writer.
   */
  finish<T>(use: (stream: Uint8Array) => T): T {
    const { data } = this.output;
    if (this.used > 0) data[this.index++] = this.pending;
    try {
      return use(data.subarray(0, this.index));
    } finally {
      if (data.length <= MAX_SPARE) spare = this.output;
    }
  }

  private putWords(octets: Uint8Array): void {
    const source = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    const { used } = this;
    const { view } = this;
    const up = 32 - used;
    const words = octets.length & ~3;
    let carry = this.pending << 24;
    let index = this.index;
    for (let at = 0; at < words; at += 4) {
      const word = source.getUint32(at);
      view.setUint32(index, carry | (word >>> used));
      carry = word << up;
      index += 4;
    }
    this.index = index;
    this.pending = carry >>> 24;
    this.putOctets(octets, words);
  }

  private putOctets(octets: Uint8Array, from: number): void {
    const { used } = this;
    const { data } = this.output;
    const up = 8 - used;
    let { index, pending } = this;
    for (let at = from; at < octets.length; at++) {
      const octet = octets[at] as number;
      data[index++] = pending | (octet >>> used);
      pending = (octet << up) & 0xff;
    }
    this.index = index;
    this.pending = pending;
  }

  private reserve(octets: number): void {
    const wanted = this.index + octets;
    if (wanted > this.output.data.length) this.grow(wanted);
  }

  private grow(wanted: number): void {
    const { data } = this.output;
    const larger = outputOf(Math.max(wanted, data.length * 2));
    larger.data.set(data.subarray(0, this.index));
    this.output = larger;
    this.view = larger.view;
    this.lastWord = larger.data.length - 4;
  }
}

/** For who keeps the octets of a writer's buffer. */
export function copied(stream: Uint8Array): Uint8Array {
  return stream.slice();
}

function outputOf(capacity: number): Output {
  const data = new Uint8Array(capacity);
  return { data, view: new DataView(data.buffer) };
}
