/** Several identifiers in one field: with blanks, commas or semicolons between them. */
export function identifiersIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '');
}

export function identifiersOut(identifiers: readonly string[]): string {
  return identifiers.join(', ');
}
