import { onFirstUse } from '../kernel/first-use.ts';
import { ValidationError } from './validation.ts';

const xml = onFirstUse(() => import('@plugpool/iso15118'));

/** A request body that came as XML; read when an operation that takes XML asks for it. */
export class XmlBody {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The children of the root element as the fields of the JSON form. Throws `ValidationError`. */
  async fields(): Promise<Record<string, string>> {
    const { readFlatXml, XmlError } = await xml();
    try {
      return readFlatXml(this.#bytes);
    } catch (error) {
      if (error instanceof XmlError) throw new ValidationError([`body : ${error.message}`]);
      throw error;
    }
  }
}
