/** Everything that can be wrong with a stream, a message or its other forms. The set is closed: callers may switch on it. */
export type ExiErrorCode =
  /** The first octet is not `80`, the only header of this profile; the sentence says what it is. Also of V2GTP headers. */
  | 'invalid-header'
  /** The stream ends before the message does, or a length claims more octets than are left. */
  | 'truncated'
  /** Octets follow the end of the message. */
  | 'trailing-bytes'
  /** An event code that no production of the current state has. */
  | 'unknown-event-code'
  /** Valid EXI that no message of ISO 15118 has: `xsi:type`, true `xsi:nil`, foreign elements, mixed text, deviations. */
  | 'unsupported-event'
  /** A value of the wrong kind: not in the enumeration, not the right type, bad lexical form. */
  | 'invalid-value'
  /** An integer outside the bounds of its type. */
  | 'out-of-range'
  /** A value, a list or the whole input is larger than the limits allow. */
  | 'limit-exceeded'
  /** No element of this name in the schema set, or not at this place. */
  | 'unknown-element'
  /** The local name stands for elements of several namespaces: say which. */
  | 'ambiguous-name'
  /** An abstract element stands in no valid document, only its substitutes do. */
  | 'abstract-element'
  /** A field that the type does not have. */
  | 'unknown-field'
  /** A required field is absent. */
  | 'missing-field'
  /** A list has more entries than the schema allows. */
  | 'too-many-occurrences'
  /** A field that excludes, or is excluded by, another one that is present. */
  | 'conflicting-field';

export interface ExiErrorContext {
  /** Bit position in the stream (0 = first bit of the header); absent where no stream is involved (JSON, XML). */
  readonly bitOffset?: number | undefined;
  /** Where in the schema, as `V2G_Message/Body/…/RootCertificateID[3]/X509SerialNumber`; empty at the root. */
  readonly path?: string;
  /** What could have stood there. */
  readonly expected?: readonly string[] | undefined;
}

/** The one error of this package. `detail` is the sentence without position and path; `message` has all of it. */
export class ExiError extends Error {
  readonly code: ExiErrorCode;
  readonly detail: string;
  readonly bitOffset: number | undefined;
  readonly path: string;
  readonly expected: readonly string[] | undefined;

  constructor(code: ExiErrorCode, detail: string, context: ExiErrorContext = {}) {
    super(sentence(detail, context));
    this.name = 'ExiError';
    this.code = code;
    this.detail = detail;
    this.bitOffset = context.bitOffset;
    this.path = context.path ?? '';
    this.expected = context.expected;
  }

  /** The same error told from where the schema path and the bit position are known; what it already says is kept. */
  within(path: string, bitOffset?: number): ExiError {
    return new ExiError(this.code, this.detail, {
      path: this.path === '' ? path : this.path,
      bitOffset: this.bitOffset ?? bitOffset,
      expected: this.expected,
    });
  }
}

function sentence(detail: string, { path, bitOffset, expected }: ExiErrorContext): string {
  const wanted = expected === undefined || expected.length === 0 ? '' : `; expected ${expected.join(', ')}`;
  const place = path === undefined || path === '' ? '' : ` in ${path}`;
  const bit = bitOffset === undefined ? '' : ` at bit ${bitOffset}`;
  return `${detail}${wanted}${place}${bit}`;
}
