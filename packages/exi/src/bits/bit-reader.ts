import { ExiError } from '../errors.ts';
import { defaultLimits, type Limits } from '../limits.ts';

/** A buffer for the input with a view on it. */
interface Input {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/**
 * The buffer of the last finished reader, for the next one. A reader takes it away while it works, so readers inside
 * readers have buffers of their own.
 */
let spare: Input | undefined;

const SPARE_SIZE = 16 * 1024;
/** Words are read without asking whether all of their octets belong to the input. */
const PADDING = 4;

/**
 * Reads bits, most significant first, from octets that may come from anybody. Every read is checked against the octets
 * left, and lengths are checked before anything is allocated. The input is copied, so that any four octets of it are a
 * word: bits then come without a branch for each octet, and nobody changes the input meanwhile.
 */
export class BitReader {
  readonly limits: Limits;
  private readonly input: Input;
  private readonly data: Uint8Array;
  private readonly view: DataView;
  private readonly length: number;
  private readonly end: number;
  private at = 0;
  /** Room for all long values: the octets that were left in the input when the first one came are enough. */
  private room: DataView<ArrayBuffer> | undefined;
  private roomUsed = 0;

  constructor(bytes: Uint8Array, limits: Limits = defaultLimits) {
    this.input = inputFor(bytes.length);
    this.input.data.set(bytes);
    this.data = this.input.data;
    this.view = this.input.view;
    this.length = bytes.length;
    this.end = bytes.length * 8;
    this.limits = limits;
  }

  /** Ends the life of the reader. Not calling it costs the next one an allocation. */
  release(): void {
    if (this.input.data.length === SPARE_SIZE) spare = this.input;
  }

  /** Position of the next bit. */
  get position(): number {
    return this.at;
  }

  /** Whole octets behind the one that holds the last bit read. */
  get octetsBehind(): number {
    return this.length - ((this.at + 7) >>> 3);
  }

  /** One bit. */
  bit(): number {
    const at = this.at;
    if (at >= this.end) throw this.truncated(1);
    this.at = at + 1;
    return (octetAt(this.data, at >>> 3) >>> (7 - (at & 7))) & 1;
  }

  /** An unsigned number of 0 to 24 bits. */
  bits(width: number): number {
    const at = this.at;
    if (at + width > this.end) throw this.truncated(width);
    this.at = at + width;
    return ((this.view.getUint32(at >>> 3) << (at & 7)) >>> 1) >>> (31 - width);
  }

  /** The next 25 bits at least, at the upper end of a word. What stands behind the end of the input means nothing. */
  ahead(): number {
    return this.view.getUint32(this.at >>> 3) << (this.at & 7);
  }

  /** Goes on behind bits that were looked at; false, and nothing read, where there are not so many. */
  pass(width: number): boolean {
    const at = this.at + width;
    if (at > this.end) return false;
    this.at = at;
    return true;
  }

  /** The last `width` bits once more. */
  again(width: number): number {
    this.at -= width;
    return this.bits(width);
  }

  /** Goes back in front of the last `width` bits. */
  unread(width: number): void {
    this.at -= width;
  }

  /** Goes back to an earlier `position`, to read the same again; what was read behind it must not be kept. */
  rewind(position: number): void {
    this.at = position;
    this.room = undefined;
    this.roomUsed = 0;
  }

  /** One octet at any bit offset. */
  octet(): number {
    const at = this.at;
    if (at + 8 > this.end) throw this.truncated(8);
    this.at = at + 8;
    return (this.view.getUint32(at >>> 3) << (at & 7)) >>> 24;
  }

  /** A copy of the next `length` octets. Long ones share one buffer: allocating each costs more than copying it. */
  octets(length: number): Uint8Array {
    this.require(length);
    let octets: Uint8Array;
    if (length > OWN_BUFFER_SIZE) {
      octets = this.longOctets(length);
    } else {
      octets = new Uint8Array(length);
      this.copy(octets, 0, length);
    }
    this.at += length * 8;
    return octets;
  }

  /** Fails unless `length` more octets are there; asked before allocating. */
  require(length: number): void {
    if (length > (this.end - this.at) / 8) throw this.truncated(length * 8);
  }

  /**
   * The next ASCII characters, at most `limit` of them and at most 64; stops in front of an octet over 7f. The octets
   * must have been required.
   */
  ascii(limit: number): string {
    const wanted = Math.min(limit, SCRATCH_SIZE);
    let length = wanted;
    if (this.copy(scratch, 0, wanted) >= 0x80) length = scratch.findIndex((octet) => octet >= 0x80);
    this.at += length * 8;
    return textOf(scratch, length);
  }

  /** Copies the octets ahead from `begin` to `end` to the same places in `target`; gives the union of their bits. */
  private copy(target: Uint8Array, begin: number, end: number): number {
    const { data } = this;
    const shift = this.at & 7;
    const down = 8 - shift;
    const from = this.at >>> 3;
    let union = 0;
    for (let index = begin; index < end; index++) {
      const high = octetAt(data, from + index);
      const octet = shift === 0 ? high : ((high << shift) | (octetAt(data, from + index + 1) >>> down)) & 0xff;
      target[index] = octet;
      union |= octet;
    }
    return union;
  }

  /** Octets ahead as part of the room that all long values share, copied four at a time. */
  private longOctets(length: number): Uint8Array {
    this.room ??= new DataView(new ArrayBuffer((this.end - this.at) >>> 3));
    const { data, view, room, roomUsed } = this;
    this.roomUsed = roomUsed + length;
    const octets = new Uint8Array(room.buffer, roomUsed, length);
    const shift = this.at & 7;
    const from = this.at >>> 3;
    let index = 0;
    if (shift === 0) {
      octets.set(data.subarray(from, from + length));
      return octets;
    }
    let word = view.getUint32(from);
    for (const last = length - 8; index <= last; index += 4) {
      const next = view.getUint32(from + index + 4);
      room.setUint32(roomUsed + index, (word << shift) | (next >>> (32 - shift)));
      word = next;
    }
    this.copy(octets, index, length);
    return octets;
  }

  /** The error for `wanted` bits that are not there. */
  truncated(wanted: number): ExiError {
    return new ExiError('truncated', `${wanted} bits wanted, ${this.end - this.at} left`, { bitOffset: this.at });
  }

  /** The error for a value over one of the limits. */
  overLimit(what: string, limit: number): ExiError {
    return new ExiError('limit-exceeded', `${what} over the limit of ${limit}`, { bitOffset: this.at });
  }
}

function inputFor(length: number): Input {
  if (length + PADDING > SPARE_SIZE) return inputOf(length + PADDING);
  const input = spare ?? inputOf(SPARE_SIZE);
  spare = undefined;
  return input;
}

function inputOf(size: number): Input {
  const data = new Uint8Array(size);
  return { data, view: new DataView(data.buffer) };
}

/** Up to this size engines keep the octets inside the object. */
const OWN_BUFFER_SIZE = 64;

/** Only ever used inside one call of `ascii`, which calls nothing that could come back. */
const SCRATCH_SIZE = 64;
const scratch = new Uint8Array(SCRATCH_SIZE);

/** Eight characters a call: several times faster than one by one, and than TextDecoder for texts of this size. */
function textOf(octets: Uint8Array, length: number): string {
  const at = (index: number) => octetAt(octets, index);
  let text = '';
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    text += String.fromCharCode(at(i), at(i + 1), at(i + 2), at(i + 3), at(i + 4), at(i + 5), at(i + 6), at(i + 7));
  }
  for (; i < length; i++) text += String.fromCharCode(at(i));
  return text;
}

/** Callers have checked the bounds; the type system cannot see it. */
function octetAt(data: Uint8Array, index: number): number {
  return data[index] as number;
}
