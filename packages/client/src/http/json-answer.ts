import { CallError } from './call-error.ts';
import { fromBase64, textOf } from './octets.ts';

/**
 * How certificates are read: `readCertificate` of @plugpool/iso15118 where there is Node, otherwise whatever keeps the
 * octets. Throws an Error for octets that are none.
 */
export type CertificateReader<C> = (der: Uint8Array) => C;

/** Reads an answer field by field; what is not as promised is a `bad-answer` that says where. */
export class JsonAnswer<C> {
  private readonly call: string;
  private readonly path: string;
  private readonly value: unknown;
  private readonly read: CertificateReader<C>;

  private constructor(call: string, path: string, value: unknown, read: CertificateReader<C>) {
    this.call = call;
    this.path = path;
    this.value = value;
    this.read = read;
  }

  static of<C>(call: string, body: Uint8Array, read: CertificateReader<C>): JsonAnswer<C> {
    try {
      return new JsonAnswer(call, '', JSON.parse(textOf(body)), read);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new CallError('bad-answer', call, `the answer is not JSON: ${cause.message}`, { cause });
    }
  }

  /** A field of an object; reading it fails when there is none. */
  at(key: string): JsonAnswer<C> {
    const path = this.path === '' ? key : `${this.path}.${key}`;
    const object = this.object();
    const value: unknown = Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
    return new JsonAnswer(this.call, path, value, this.read);
  }

  /** An object with whatever fields it has. */
  record(): Readonly<Record<string, unknown>> {
    return { ...this.object() };
  }

  /** A field that may be missing, null or an empty text; then there is nothing. */
  optional<T>(key: string, read: (field: JsonAnswer<C>) => T): T | undefined {
    const field = this.at(key);
    return field.value === undefined || field.value === null || field.value === '' ? undefined : read(field);
  }

  list<T>(read: (entry: JsonAnswer<C>) => T): T[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.unlike('a list');
    return value.map((entry: unknown, index) =>
      read(new JsonAnswer(this.call, `${this.path}[${index}]`, entry, this.read)),
    );
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.unlike('a text');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.unlike('true or false');
    return this.value;
  }

  /** Epoch milliseconds of a date and time. */
  instant(): number {
    const milliseconds = Date.parse(this.text());
    if (Number.isNaN(milliseconds)) throw this.unlike('a date and time');
    return milliseconds;
  }

  /** Octets in base64. */
  octets(): Uint8Array {
    const octets = fromBase64(this.text());
    if (octets === undefined) throw this.unlike('base64');
    return octets;
  }

  /** DER in base64. */
  certificate(): C {
    const der = this.octets();
    try {
      return this.read(der);
    } catch (error) {
      if (error instanceof Error) throw this.unlike(`a certificate (${error.message})`);
      throw error;
    }
  }

  private object(): object {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.unlike('an object');
    return value;
  }

  /** The refusal of a field that holds something else than it must. */
  unlike(what: string): CallError {
    const place = this.path === '' ? 'the answer' : `${this.path} in the answer`;
    return new CallError(
      'bad-answer',
      this.call,
      `${place} is ${this.value === undefined ? 'missing' : `not ${what}`}`,
    );
  }
}
