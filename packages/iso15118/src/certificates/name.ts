import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { decodeText, isPrintable, isTextTag } from '../der/text.ts';
import { encodeShortLivedDer, oid, sequence, setOf, text } from '../der/writer.ts';

export interface NameAttribute {
  readonly oid: string;
  /** The text; `#` and hex for a value that is no string. */
  readonly value: string;
  /** Which relative distinguished name it belongs to, counted from the first. */
  readonly rdn: number;
}

/** A distinguished name: its DER, and its attributes in the order of the DER. */
export interface Name {
  readonly der: Uint8Array;
  readonly attributes: readonly NameAttribute[];
}

/** Short names (RFC 4519) of the attributes that names of the field hold, in the order in which they are shown. */
const attributeTypes = {
  CN: { oid: '2.5.4.3', tag: undefined },
  DC: { oid: '0.9.2342.19200300.100.1.25', tag: tags.ia5String },
  O: { oid: '2.5.4.10', tag: undefined },
  OU: { oid: '2.5.4.11', tag: undefined },
  L: { oid: '2.5.4.7', tag: undefined },
  ST: { oid: '2.5.4.8', tag: undefined },
  serialNumber: { oid: '2.5.4.5', tag: tags.printableString },
  emailAddress: { oid: '1.2.840.113549.1.9.1', tag: tags.ia5String },
  C: { oid: '2.5.4.6', tag: tags.printableString },
} as const;
export type AttributeType = keyof typeof attributeTypes;

const shortNames = new Map<string, AttributeType>(
  Object.entries(attributeTypes).map(([type, entry]) => [entry.oid, type as AttributeType]),
);
const showOrder = new Map<string, number>(Object.values(attributeTypes).map((entry, index) => [entry.oid, index]));

export function readName(reader: DerReader, what: string): Name {
  const element = reader.next(tags.sequence, what);
  const rdns = reader.within(element);
  const attributes: NameAttribute[] = [];
  for (let rdn = 0; !rdns.done; rdn++) {
    const set = rdns.enter(tags.set, what);
    do {
      const pair = set.enter(tags.sequence, what);
      const type = pair.readOid(what);
      const value = pair.next(undefined, what);
      attributes.push({
        oid: type,
        value: isTextTag(value.tag)
          ? decodeText(pair.bytes, value, what)
          : `#${Buffer.from(pair.whole(value)).toString('hex')}`,
        rdn,
      });
      pair.finish(what);
    } while (!set.done);
  }
  return { der: reader.whole(element), attributes };
}

/**
 * A name of single-valued RDNs in the order given (issued names go C, O, DC, CN). Values become PrintableString where
 * that can hold them, else UTF8String; DC and emailAddress are IA5String.
 * @throws RangeError when a value is empty or its type cannot hold it
 */
export function makeName(parts: readonly { readonly type: AttributeType; readonly value: string }[]): Name {
  const rdns = parts.map(({ type, value }) => {
    const { oid: typeOid, tag } = attributeTypes[type];
    return setOf(sequence(oid(typeOid), text(tag ?? textTagFor(value), checked(type, value, tag))));
  });
  return {
    der: encodeShortLivedDer(sequence(...rdns)),
    attributes: parts.map(({ type, value }, rdn) => ({ oid: attributeTypes[type].oid, value, rdn })),
  };
}

function textTagFor(value: string): number {
  return isPrintable(value) ? tags.printableString : tags.utf8String;
}

function checked(type: AttributeType, value: string, tag: number | undefined): string {
  const holds = tag === tags.printableString ? isPrintable(value) : tag === undefined || /^[ -~]*$/.test(value);
  if (value === '' || !value.isWellFormed() || !holds || (type === 'C' && !/^[A-Za-z]{2}$/.test(value))) {
    throw new RangeError(`${type} cannot have this value in a name`);
  }
  return value;
}

/** The most specific (last) common name; `undefined` when there is none. */
export function commonNameOf(name: Name): string | undefined {
  return attributeOf(name, 'CN');
}

/** Value of the most specific (last) attribute of a type. */
export function attributeOf(name: Name, type: AttributeType): string | undefined {
  const wanted = attributeTypes[type].oid;
  return name.attributes.findLast((attribute) => attribute.oid === wanted)?.value;
}

/** Short name of an attribute's type; `undefined` for one that names of the field do not hold. */
export function attributeTypeOf({ oid: type }: NameAttribute): AttributeType | undefined {
  return shortNames.get(type);
}

/**
 * The form that the OPCP and OPNC show names in: `CN=V2G Root CA G2, DC=V2G, O=…, C=DE`. Attributes come in that
 * order however the certificate has them; what is the same type keeps the order of the certificate.
 */
export function formatName(name: Name): string {
  const last = showOrder.size;
  const ranked = name.attributes.map((attribute) => {
    const rank = showOrder.get(attribute.oid);
    return { attribute, rank: attribute.oid === attributeTypes.C.oid ? last + 1 : (rank ?? last) };
  });
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.map(({ attribute }) => shown(attribute)).join(', ');
}

/** RFC 4514 form, last RDN first, as `X509IssuerName` has it in messages: `CN=V2G Root,DC=V2G,O=…,C=DE`. */
export function formatRfc4514(name: Name): string {
  const rdns: string[] = [];
  for (const attribute of name.attributes) {
    const before = rdns[attribute.rdn];
    rdns[attribute.rdn] = before === undefined ? shown(attribute) : `${before}+${shown(attribute)}`;
  }
  return rdns.reverse().join(',');
}

function shown({ oid: type, value }: NameAttribute): string {
  const escaped = value.replace(/[,+"\\<>;]|^[ #]| $/g, (character) => `\\${character}`).replaceAll('\0', '\\00');
  return `${shortNames.get(type) ?? type}=${value.startsWith('#') && !shortNames.has(type) ? value : escaped}`;
}

/**
 * RFC 5280 §7.1 as far as the field needs it: same RDNs in the same order, same types, and values that are the same
 * without regard to case, to blanks at the ends and to how many there are between words, in whatever string type.
 */
export function namesEqual(a: Name, b: Name): boolean {
  if (Buffer.compare(a.der, b.der) === 0) {
    return true;
  }
  return (
    a.attributes.length === b.attributes.length &&
    a.attributes.every((attribute, index) => {
      const other = b.attributes[index];
      return (
        other !== undefined &&
        attribute.oid === other.oid &&
        attribute.rdn === other.rdn &&
        folded(attribute.value) === folded(other.value)
      );
    })
  );
}

function folded(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}
