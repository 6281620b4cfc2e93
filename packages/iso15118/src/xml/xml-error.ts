export type XmlErrorKind = 'too-large' | 'too-deep' | 'not-utf8' | 'doctype' | 'not-well-formed' | 'wrong-content';

/** XML that is not read. Line and column count from 1; both are 0 when the text was not looked at. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  readonly kind: XmlErrorKind;
  readonly line: number;
  readonly column: number;

  constructor(kind: XmlErrorKind, what: string, line: number, column: number, options?: ErrorOptions) {
    super(line === 0 ? what : `${what} (line ${line}, column ${column})`, options);
    this.kind = kind;
    this.line = line;
    this.column = column;
  }
}
