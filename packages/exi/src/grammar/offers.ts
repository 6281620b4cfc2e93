import type { Production, State } from './grammar.ts';

/** What a state offers, in words for errors. */
export function offers(state: State): string[] {
  return state.productions.map(words);
}

function words(production: Production): string {
  switch (production.event) {
    case 'field':
      return production.field.key;
    case 'end':
      return 'end of element';
    case 'unsupported':
      return production.what;
  }
}
