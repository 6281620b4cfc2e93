import type { Inspection, InspectNode } from './node.ts';

/** Values longer than this many characters are cut. */
const LONGEST_VALUE = 64;

/**
 * An inspection as lines for people: octet and bit in it, bits, event code, and the name indented by depth.
 *
 * `     8.0     7  1001100  V2G_Message`
 */
export function inspectionText({ nodes, error }: Inspection): string {
  const lines = [' octet.bit  bits  code       what'];
  for (const node of nodes) addLines(node, 0, lines);
  if (error !== undefined) lines.push(`${error.code}: ${error.message}`);
  return `${lines.join('\n')}\n`;
}

function addLines(node: InspectNode, depth: number, lines: string[]): void {
  const { bitOffset, bitLength, eventCode, children, value } = node;
  const octet = `${bitOffset >>> 3}.${bitOffset & 7}`.padStart(10);
  const bits = String(bitLength).padStart(6);
  const shown =
    value === undefined || children.some((child) => child.value !== undefined) ? '' : ` = ${spelled(value)}`;
  lines.push(`${octet}${bits}  ${eventCode.padEnd(9)}  ${'  '.repeat(depth)}${node.name}${shown}`);
  for (const child of children) addLines(child, depth + 1, lines);
}

function spelled(value: unknown): string {
  if (value instanceof Uint8Array)
    return `${value.length} octet${value.length === 1 ? '' : 's'} ${shortened(hexOf(value))}`;
  return shortened(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

/** Only as much as is shown. */
function hexOf(octets: Uint8Array): string {
  const shown = octets.subarray(0, LONGEST_VALUE);
  return Array.from(shown, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
