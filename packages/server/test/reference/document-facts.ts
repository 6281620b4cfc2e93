/** The same facts read out of an OpenAPI document of ours. */
import { at, list } from '../dialects.ts';
import type { Fields, OperationFacts } from './facts.ts';

export function factsIn(document: unknown): OperationFacts[] {
  return entries(at(document, 'paths')).flatMap(([path, methods]) =>
    entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: String(at(operation, 'operationId')),
      deprecated: at(operation, 'deprecated') === true,
      parameters: list(at(operation, 'parameters')).map((parameter) => ({
        in: String(at(parameter, 'in')),
        name: String(at(parameter, 'name')),
        required: at(parameter, 'required') === true,
        type: String(at(parameter, 'schema', 'type')),
      })),
      ...(at(operation, 'requestBody') !== undefined && { body: contentOf(at(operation, 'requestBody', 'content')) }),
      answers: Object.fromEntries(
        entries(at(operation, 'responses')).map(([status, answer]) => [status, contentOf(at(answer, 'content'))]),
      ),
    })),
  );

  function contentOf(content: unknown): Record<string, Fields> {
    return Object.fromEntries(entries(content).map(([type, { schema }]) => [type, fieldsOf(schema)]));
  }

  function fieldsOf(schema: unknown): Fields {
    const required = new Set<string>();
    const optional = new Set<string>();
    collect(schema, '');
    return {
      required: [...required].filter((field) => !optional.has(field)).sort(),
      optional: [...optional].sort(),
    };

    function collect(found: unknown, prefix: string): void {
      const resolved = resolve(found);
      for (const each of list(at(resolved, 'anyOf'))) collect(each, prefix);
      for (const [name, property] of entries(at(resolved, 'properties'))) {
        (list(at(resolved, 'required')).includes(name) ? required : optional).add(prefix + name);
        collect(property, `${prefix}${name}.`);
      }
      const items = at(resolved, 'items');
      if (items !== undefined) collect(items, `${prefix.replace(/\.$/, '')}[].`);
    }
  }

  function resolve(schema: unknown): unknown {
    const reference = at(schema, '$ref');
    if (typeof reference !== 'string') return schema;
    return resolve(at(document, ...reference.split('/').slice(1)));
  }
}

function entries(value: unknown): [string, { schema?: unknown }][] {
  return Object.entries(Object(value ?? {}));
}
