import type { ExiError } from '../errors.ts';

/**
 * One piece of a stream: what it is, where it lies and what is inside it. The pieces of a node lie one behind the other,
 * so that the bits of a node that belong to no child are its own event code, or the value.
 */
export interface InspectNode {
  /** `header`, `CH`, `EE`, `xsi`, `ED`, `padding`, `trailing`, or the local name of an element or attribute. */
  readonly name: string;
  /** Of elements and attributes; empty for names in no namespace, and for what has no name. */
  readonly uri: string;
  readonly kind: 'header' | 'element' | 'attribute' | 'text' | 'end' | 'second-level' | 'padding' | 'trailing';
  /** The first bit of its event code; 0 is the first bit of the stream. Its octet is `bitOffset >>> 3`. */
  readonly bitOffset: number;
  /** Event code, content and end. Of a node in which reading failed: the bits up to there. */
  readonly bitLength: number;
  /** The event code as binary digits; empty where there is none. */
  readonly eventCode: string;
  /** The value of an attribute or text, and of an element without children of its own. */
  readonly value?: unknown;
  readonly children: readonly InspectNode[];
}

/** A stream as a tree. When it is broken, the part up to the fault, and the fault. */
export interface Inspection {
  readonly nodes: readonly InspectNode[];
  /** The ExiError that reading ends with, exactly as `decode` throws it. */
  readonly error: ExiError | undefined;
  /** Bits of the whole input. */
  readonly bitLength: number;
}
