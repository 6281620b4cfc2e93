import type { Framed } from './simple-type.ts';

/** Values that are n-bit numbers, `width` at most 12. `valueWith` gives undefined for a code that no value has. */
export function framedNBit<V>(
  width: number,
  codeOf: (value: unknown) => number,
  valueWith: (code: number) => V | undefined,
): Framed<V> {
  return {
    read: (reader, before) => {
      const code = reader.framed(width, before);
      if (code < 0) return undefined;
      const value = valueWith(code);
      if (value === undefined) reader.unread(before + width + 1);
      return value;
    },
    write: (writer, before, value) => {
      writer.bits(codeOf(value) << 1, before + width + 1);
      return true;
    },
  };
}

/** EXI integers of one or two octets: magnitudes below 16,384, with a sign bit before them when `signed`. */
export function framedInteger(
  signed: boolean,
  accept: (value: unknown) => number,
  inRange: (value: number) => boolean,
): Framed<number> {
  const short = signed ? 9 : 8;
  const long = short + 8;
  return {
    read: (reader, before) => {
      let width = short;
      let octets = reader.framed(short, before);
      if (octets >= 0 && (octets & MORE) !== 0) {
        reader.unread(before + short + 1);
        octets = -1;
      }
      let value = octets < 0 ? Number.NaN : withSign(octets & GROUP, octets >>> 8);
      if (octets < 0) {
        width = long;
        octets = reader.framed(long, before);
        if (octets < 0) return undefined;
        if ((octets & TWO_OCTETS) === FIRST_OF_TWO) {
          value = withSign(((octets >>> 8) & GROUP) | ((octets & GROUP) << 7), octets >>> 16);
        }
      }
      if (inRange(value)) return value;
      reader.unread(before + width + 1);
      return undefined;
    },
    write: (writer, before, item) => {
      const value = accept(item);
      const sign = value < 0 ? 1 : 0;
      const magnitude = value < 0 ? -value - 1 : value;
      if (magnitude < 0x80) {
        writer.bits(((sign << 8) | magnitude) << 1, before + short + 1);
      } else if (magnitude < 0x4000) {
        const octets = ((magnitude & GROUP) << 8) | FIRST_OF_TWO | (magnitude >>> 7);
        writer.bits(((sign << 16) | octets) << 1, before + long + 1);
      }
      return magnitude < 0x4000;
    },
  };
}

function withSign(magnitude: number, sign: number): number {
  return sign === 0 ? magnitude : -magnitude - 1;
}

const GROUP = 0x7f;
const MORE = 0x80;
const TWO_OCTETS = 0x8080;
const FIRST_OF_TWO = 0x8000;
