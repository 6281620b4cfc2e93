/** Checks a part of a request against its schema and says in the field's words what does not fit. */
import type { Static, TSchema } from 'typebox';
import type { Validator as Compiled } from 'typebox/schema';

export class ValidationError extends Error {
  readonly errorMessages: readonly string[];

  constructor(errorMessages: readonly string[]) {
    super(errorMessages.join('; '));
    this.name = 'ValidationError';
    this.errorMessages = errorMessages;
  }
}

/** A body that cannot be read at all. */
export function bodyRefused(why: string): ValidationError {
  return new ValidationError([`body : ${why}`]);
}

/** A promise only while the schema is being compiled. */
export type Validator<S extends TSchema> = (value: unknown) => Static<S> | Promise<Static<S>>;

const MOST_MESSAGES = 20;

/**
 * The validator returns the value typed, or throws `ValidationError` with one message a field, such as
 * `contractData.emaid : must match "…"`. `part` names the whole when the whole is wrong. The schema is compiled once, when
 * there is the first value to check: a server has hundreds, and most are not asked for.
 */
export function validatorOf<S extends TSchema>(schema: S, part: string): Validator<S> {
  let compiling: Promise<Compiled> | undefined;
  let compiled: Compiled | undefined;
  return (value) => {
    if (compiled !== undefined) return checked<S>(compiled, value, part);
    compiling ??= compile(schema);
    return compiling.then((ready) => {
      compiled = ready;
      return checked<S>(ready, value, part);
    });
  };
}

function checked<S extends TSchema>(compiled: Compiled, value: unknown, part: string): Static<S> {
  if (compiled.Check(value)) return value as Static<S>;
  const [, errors] = compiled.Errors(value);
  // Clients match on the first message, and the texts they know are those of the patterns.
  const ordered = [...errors.filter(isOfPattern), ...errors.filter((error) => !isOfPattern(error))];
  const messages = new Set(ordered.flatMap((error) => messagesOf(error, part)));
  throw new ValidationError([...messages].slice(0, MOST_MESSAGES));
}

async function compile(schema: TSchema): Promise<Compiled> {
  const { Compile } = await import('typebox/schema');
  return Compile(schema);
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function isOfPattern({ keyword }: SchemaError): boolean {
  return keyword === 'pattern';
}

function messagesOf(error: SchemaError, part: string): string[] {
  const field = fieldOf(error.instancePath);
  const parameters: Record<string, unknown> = { ...error.params };
  switch (error.keyword) {
    case 'required': {
      const missing = parameters['requiredProperties'];
      const names = Array.isArray(missing) ? missing.map(String) : [];
      return names.map((name) => `${field === '' ? name : `${field}.${name}`} : must not be null`);
    }
    case 'pattern':
      return [`${field || part} : must match "${String(parameters['pattern'])}"`];
    case 'const':
      // The alternatives of a union; the error of the union itself says it once.
      return [];
    case 'anyOf':
      return [`${field || part} : is not one of the known values`];
    case 'enum':
      return [`${field || part} : must be one of ${JSON.stringify(parameters['allowedValues'])}`];
    case 'type':
      return [`${field || part} : must be ${article(String(parameters['type']))}`];
    default:
      return [`${field || part} : ${error.message}`];
  }
}

/** `/contractData/subCertificates/0` as `contractData.subCertificates[0]` */
function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '');
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
