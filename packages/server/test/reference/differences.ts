/** Where our documents and the references part, a line each, as the tables in docs/dialects.md have them. */
import type { Fields, OperationFacts, ParameterFacts } from './facts.ts';

/** `theirs` are the facts of the reference, `ours` those of our document. */
export function differencesOf(theirs: readonly OperationFacts[], ours: readonly OperationFacts[]): string[] {
  const served = new Map(ours.map((operation) => [nameOf(operation), operation]));
  const known = new Set(theirs.map(nameOf));
  return [
    ...theirs.flatMap((operation) => {
      const mine = served.get(nameOf(operation));
      const lines = mine === undefined ? ['not served'] : operationLines(operation, mine);
      return lines.map((line) => `${operation.method} ${operation.path}: ${line}`);
    }),
    ...ours
      .filter((operation) => !known.has(nameOf(operation)))
      .map((operation) => `${operation.method} ${operation.path}: ours`),
  ];
}

/** The names of the parameters in a path are compared with the parameters. */
function nameOf({ method, path, meant = path }: OperationFacts): string {
  return `${method} ${meant.replaceAll(/\{[^}]+\}/g, '{}')}`;
}

function operationLines(theirs: OperationFacts, ours: OperationFacts): string[] {
  return [
    ...(theirs.meant === undefined ? [] : [`meant is ${theirs.meant}`]),
    ...(theirs.operation === undefined || theirs.operation === ours.operation ? [] : [`named ${ours.operation} here`]),
    ...(Boolean(theirs.deprecated) === Boolean(ours.deprecated) ? [] : ['deprecated on one side only']),
    ...parameterLines(theirs.parameters ?? [], ours.parameters ?? []),
    ...contentLines('body', theirs.body ?? {}, ours.body ?? {}, theirs.answers !== undefined),
    ...(theirs.answers === undefined ? [] : answerLines(theirs.answers, ours.answers ?? {})),
  ];
}

function parameterLines(theirs: readonly ParameterFacts[], ours: readonly ParameterFacts[]): string[] {
  const nameOfParameter = (parameter: ParameterFacts) => `${parameter.in} ${parameter.name}`;
  const mine = new Map(ours.map((parameter) => [nameOfParameter(parameter), parameter]));
  const known = new Set(theirs.map(nameOfParameter));
  return [
    ...theirs.flatMap((parameter) => {
      const name = nameOfParameter(parameter);
      const found = mine.get(name);
      if (found === undefined) return [`${name}: not known`];
      return [
        ...(parameter.required === true && found.required !== true ? [`${name}: required in the reference only`] : []),
        ...(parameter.required !== true && found.required === true ? [`${name}: required here only`] : []),
        ...(parameter.type === undefined || parameter.type === found.type ? [] : [`${name}: ${found.type} here`]),
      ];
    }),
    ...[...mine.keys()].filter((name) => !known.has(name)).map((name) => `${name}: ours`),
  ];
}

type Content = Readonly<Record<string, Fields>>;

function contentLines(part: string, theirs: Content, ours: Content, requiredKnown: boolean): string[] {
  return [
    ...only(theirs, ours).map((type) => `${part} ${type}: not known`),
    ...only(ours, theirs).map((type) => `${part} ${type}: ours`),
    ...both(theirs, ours).flatMap(([type, their, our]) => {
      return fieldLines(type === 'application/json' ? part : `${part} ${type}`, their, our, requiredKnown);
    }),
  ];
}

function fieldLines(part: string, theirs: Fields, ours: Fields, requiredKnown: boolean): string[] {
  const [their, our] = [fieldMap(theirs), fieldMap(ours)];
  return [
    ...only(their, our).map((field) => `${part} field ${field}: not known`),
    ...only(our, their).map((field) => `${part} field ${field}: ours`),
    ...both(their, our).flatMap(([field, theirRequired, ourRequired]) => {
      if (!requiredKnown || theirRequired === ourRequired) return [];
      // An answer that has a field always is as good as one that may leave it out.
      if (ourRequired && part.startsWith('answer')) return [];
      return [`${part} field ${field}: required ${ourRequired ? 'here' : 'in the reference'} only`];
    }),
  ];
}

function fieldMap({ required = [], optional = [] }: Fields): Record<string, boolean> {
  return Object.fromEntries([...optional.map((field) => [field, false]), ...required.map((field) => [field, true])]);
}

type Answers = Readonly<Record<string, Content>>;

function answerLines(theirs: Answers, ours: Answers): string[] {
  const [their, our] = [withoutRanges(theirs), withoutRanges(ours)];
  return [
    ...only(their, our).map((status) => `answer ${status}: not given`),
    ...only(our, their).map((status) => `answer ${status}: ours`),
    ...both(their, our).flatMap(([status, theirContent, ourContent]) => {
      const lines = contentLines(`answer ${status}`, theirContent, ourContent, true);
      // Every refusal has the error body, whether the reference says so or not.
      return status < '400' ? lines : lines.filter((line) => !line.endsWith(': ours'));
    }),
  ];
}

/** What is told of all statuses of a kind is told of the one that is ours. */
function withoutRanges(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).map(([status, content]) => [status.replace('XX', '00'), content]));
}

function only<T>(here: Readonly<Record<string, T>>, there: Readonly<Record<string, T>>): string[] {
  return Object.keys(here).filter((key) => !(key in there));
}

function both<T>(here: Readonly<Record<string, T>>, there: Readonly<Record<string, T>>): [string, T, T][] {
  return Object.entries(here).flatMap(([key, value]) => {
    const other = there[key];
    return other === undefined ? [] : [[key, value, other] satisfies [string, T, T]];
  });
}
