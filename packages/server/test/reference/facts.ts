/**
 * The facts of the references: what there is to call, with which parameters, fields and answers. They were read from
 * the interface descriptions by a script; no sentence of theirs is in here. A field of an object in a list is written
 * `list[].field`. The quick start is a collection of calls, so it says nothing of answers and of what is required.
 */
import { readFileSync } from 'node:fs';

export interface OperationFacts {
  readonly method: string;
  readonly path: string;
  /** The path without its slip. */
  readonly meant?: string;
  readonly operation?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly ParameterFacts[];
  /** By media type. */
  readonly body?: Readonly<Record<string, Fields>>;
  /** By status and media type. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, Fields>>>>;
}

export interface ParameterFacts {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly type?: string;
}

export interface Fields {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

export const dialectNames = ['opnc', 'opcp', 'quickstart'] as const;
export type DialectName = (typeof dialectNames)[number];

export function factsOf(dialect: DialectName): OperationFacts[] {
  return JSON.parse(readFileSync(new URL(`${dialect}.facts.json`, import.meta.url), 'utf8'));
}
