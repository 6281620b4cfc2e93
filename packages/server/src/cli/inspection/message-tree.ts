/** A decoded message as an indented tree for people, each line with the place in the stream that it begins at. */
import type { InspectNode } from '@plugpool/exi';
import { CertificateError, dateOfSeconds, elementsOfSeconds, readCertificate } from '@plugpool/iso15118';
import type { Paint } from '../paint.ts';
import { certificateInWords } from './certificate-words.ts';
import { printable } from './printable.ts';

/** Names of the elements that hold the DER of one certificate. */
const certificateElements = new Set(['Certificate', 'OEMProvisioningCert']);
const shownOctets = 16;

/**
 * One line for each element, two blanks for each level, behind octet and bit in it.
 * @param brokenAt the bit at which reading failed
 */
export function formatMessage(pieces: readonly InspectNode[], brokenAt: number | undefined, paint: Paint): string {
  const roots = pieces.filter(({ kind }) => kind === 'element');
  const lines = roots.flatMap((root) => linesOf(root, root.name, 0, paint));
  const fault = brokenAt === undefined ? '' : `${place(brokenAt, paint)}${paint.bad('reading ends here')}\n`;
  return `${paint.faint(' octet.bit')}\n${lines.join('')}${fault}`;
}

function linesOf(piece: InspectNode, title: string, depth: number, paint: Paint): string[] {
  const begin = `${place(piece.bitOffset, paint)}${'  '.repeat(depth)}${title}`;
  const parts = partsOf(piece);
  if (parts.length > 0) {
    return [`${begin}\n`, ...parts.flatMap((part) => linesOf(part.piece, part.title, depth + 1, paint))];
  }
  const value = piece.children.find(({ kind }) => kind === 'text')?.value ?? piece.value;
  if (value === undefined || Array.isArray(value)) {
    const ends = piece.children.some(({ kind }) => kind === 'end');
    return [`${begin}${ends ? paint.faint(' (empty)') : ''}\n`];
  }
  return [`${begin}: ${valueInWords(piece.name === 'CH' ? title : piece.name, value, paint)}\n`];
}

/** Attributes, elements, and the text between them under the name that the JSON form has for it. */
function partsOf({ children }: InspectNode): { readonly piece: InspectNode; readonly title: string }[] {
  const shown = children.filter(({ kind }) => kind === 'element' || kind === 'attribute' || kind === 'text');
  if (shown.every(({ kind }) => kind === 'text')) return [];
  const totals = new Map<string, number>();
  for (const { name } of shown) totals.set(name, (totals.get(name) ?? 0) + 1);
  const counts = new Map<string, number>();
  return shown.map((piece) => {
    const { kind, name } = piece;
    const index = counts.get(name) ?? 0;
    counts.set(name, index + 1);
    if (kind === 'text') return { piece, title: 'value' };
    return { piece, title: (totals.get(name) ?? 0) > 1 ? `${name}[${index}]` : name };
  });
}

/** Octet, and bit in it. */
function place(bitOffset: number, paint: Paint): string {
  return paint.faint(`${bitOffset >>> 3}.${bitOffset & 7}  `.padStart(12));
}

function valueInWords(element: string, value: unknown, paint: Paint): string {
  if (value instanceof Uint8Array) {
    return certificateElements.has(element) ? certificate(value, paint) : octets(value, paint);
  }
  const text = printable(String(value));
  if (typeof value !== 'bigint' && typeof value !== 'number') return text;
  const note = elementsOfSeconds.has(element) ? dateOfSeconds(value) : notes.get(element)?.(Number(value));
  return note === undefined ? text : `${text} ${paint.faint(`(${note})`)}`;
}

const notes: ReadonlyMap<string, (value: number) => string> = new Map([
  [
    'RemainingContractCertificateChains',
    (count: number) => (count === 0 ? 'this is the last contract for the car' : `${count} more for the car to ask for`),
  ],
  ['MaximumContractCertificateChains', (count: number) => `the car takes no more than ${count}`],
]);

function certificate(der: Uint8Array, paint: Paint): string {
  try {
    return certificateInWords(readCertificate(der));
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    // A refusal has a zero where a certificate is mandatory.
    if (der.length === 1 && der[0] === 0) return octets(der, paint);
    return `${octets(der, paint)} ${paint.bad(`no certificate: ${error.message}`)}`;
  }
}

function octets(value: Uint8Array, paint: Paint): string {
  const hex = Buffer.from(value.subarray(0, shownOctets)).toString('hex');
  return value.length <= shownOctets ? hex : `${hex}… ${paint.faint(`(${value.length} octets)`)}`;
}
