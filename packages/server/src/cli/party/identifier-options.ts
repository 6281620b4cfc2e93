/** The options that say what a party is and what is its own. */
import { IdentifierError } from '@plugpool/iso15118';
import {
  IDENTIFIER_KINDS,
  type IdentifierKind,
  identifierKinds,
  MO_PKIS,
  type PartyChanges,
  ROLES,
} from '../../access/party.ts';
import { UsageError } from '../command.ts';
import { oneOf } from '../options.ts';

export const partyOptions = {
  role: { type: 'string', multiple: true },
  name: { type: 'string' },
  wmi: { type: 'string', multiple: true },
  'provider-id': { type: 'string', multiple: true },
  'operator-id': { type: 'string', multiple: true },
  'cps-root': { type: 'string', multiple: true },
  pki: { type: 'string' },
} as const;

export type PartyValues = Partial<Record<keyof typeof partyOptions, string | string[] | undefined>>;

const optionOfKind = { wmi: 'wmi', providerId: 'provider-id', operatorId: 'operator-id', cpsRoot: 'cps-root' } as const;

/** What the options say. @throws UsageError */
export function partyOf(values: PartyValues): PartyChanges {
  const roles = listOf(values.role).map((word) => oneOf(word.toLowerCase(), '--role', ROLES));
  const identifiers = IDENTIFIER_KINDS.flatMap((kind) => {
    const option = values[optionOfKind[kind]];
    return option === undefined ? [] : [[kind, listOf(option).map((text) => identifier(kind, text))] as const];
  });
  return {
    name: typeof values.name === 'string' ? values.name : undefined,
    roles: roles.length === 0 ? undefined : [...new Set(roles)],
    pki: typeof values.pki === 'string' ? oneOf(values.pki, '--pki', MO_PKIS) : undefined,
    identifiers: Object.fromEntries(identifiers),
  };
}

/** `A,B` and `A --again B` are the same list. */
function listOf(value: string | string[] | undefined): string[] {
  return [value ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function identifier(kind: IdentifierKind, text: string): string {
  try {
    return identifierKinds[kind].parse(text);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new UsageError(`--${optionOfKind[kind]}: "${text}" is none: ${error.message}`);
  }
}
