import { bodyRefused } from './validation.ts';

/** A request body that came as multipart/form-data (RFC 7578); read when an operation that takes forms asks for it. */
export class FormBody {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #contentType: string;

  /** `contentType` has the boundary. */
  constructor(bytes: Uint8Array<ArrayBuffer>, contentType: string) {
    this.#bytes = bytes;
    this.#contentType = contentType;
  }

  /** The parts as the fields of the JSON form; a part that comes as a file counts by its text. Throws `ValidationError`. */
  async fields(): Promise<Record<string, string>> {
    const fields = new Map<string, string>();
    for (const [name, value] of await this.#parts()) {
      if (fields.has(name)) throw bodyRefused(`has the field ${JSON.stringify(name.slice(0, 80))} twice`);
      const text = typeof value === 'string' ? value : await value.text();
      if (!text.isWellFormed() || text.includes('\0')) throw bodyRefused('has text with the character U+0000');
      fields.set(name, text);
    }
    return Object.fromEntries(fields);
  }

  async #parts(): Promise<FormData> {
    try {
      return await new Response(this.#bytes, { headers: { 'content-type': this.#contentType } }).formData();
    } catch (error) {
      if (error instanceof TypeError) {
        throw bodyRefused('is no multipart/form-data with the boundary of its Content-Type');
      }
      throw error;
    }
  }
}
