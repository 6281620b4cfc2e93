import { readFlatXml } from '@plugpool/iso15118';

/** A request body that came as XML; read when an operation that takes XML asks for it. */
export class XmlBody {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The children of the root element as the fields of the JSON form. Throws `XmlError`. */
  fields(): Record<string, string> {
    return readFlatXml(this.#bytes);
  }
}
