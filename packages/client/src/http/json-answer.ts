import { type Certificate, CertificateError, readCertificate } from '@plugpool/iso15118';
import { CallError } from './call-error.ts';

/** Reads an answer field by field; what is not as promised is a `bad-answer` that says where. */
export class JsonAnswer {
  private readonly call: string;
  private readonly path: string;
  private readonly value: unknown;

  private constructor(call: string, path: string, value: unknown) {
    this.call = call;
    this.path = path;
    this.value = value;
  }

  static of(call: string, body: Uint8Array): JsonAnswer {
    const text = Buffer.from(body).toString('utf8');
    try {
      return new JsonAnswer(call, '', JSON.parse(text));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new CallError('bad-answer', call, `the answer is not JSON: ${cause.message}`, { cause });
    }
  }

  /** A field of an object; reading it fails when there is none. */
  at(key: string): JsonAnswer {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.unlike('an object');
    const path = this.path === '' ? key : `${this.path}.${key}`;
    const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
    return new JsonAnswer(this.call, path, fields.get(key));
  }

  /** A field that may be missing, null or an empty text; then there is nothing. */
  optional<T>(key: string, read: (field: JsonAnswer) => T): T | undefined {
    const field = this.at(key);
    return field.value === undefined || field.value === null || field.value === '' ? undefined : read(field);
  }

  list<T>(read: (entry: JsonAnswer) => T): T[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.unlike('a list');
    return value.map((entry: unknown, index) => read(new JsonAnswer(this.call, `${this.path}[${index}]`, entry)));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.unlike('a text');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.unlike('true or false');
    return this.value;
  }

  /** Octets in base64. */
  octets(): Uint8Array {
    const text = this.text();
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw this.unlike('base64');
    return Uint8Array.from(Buffer.from(text, 'base64'));
  }

  /** DER in base64. */
  certificate(): Certificate {
    const der = this.octets();
    try {
      return readCertificate(der);
    } catch (error) {
      if (error instanceof CertificateError) throw this.unlike(`a certificate (${error.message})`);
      throw error;
    }
  }

  private unlike(what: string): CallError {
    const place = this.path === '' ? 'the answer' : `${this.path} in the answer`;
    return new CallError(
      'bad-answer',
      this.call,
      `${place} is ${this.value === undefined ? 'missing' : `not ${what}`}`,
    );
  }
}
