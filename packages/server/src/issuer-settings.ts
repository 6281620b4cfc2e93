/**
 * Whose word on who somebody is counts besides ours: of clients with tokens, and of operators at the console. Both throw
 * `SettingsError`.
 */
import type { OutsideIssuerSettings } from './access/access.ts';
import type { OperatorIssuerSettings, SessionTimes } from './access/operators/operators.ts';
import { CLAIM_USES, type ClaimUse } from './access/party.ts';
import { type Gathered, SettingsError } from './given-options.ts';
import { integer, listOf, url } from './option-values.ts';

export function outsideSettings(
  given: Gathered['given'],
  publicUrl: string,
): { readonly outsideIssuer?: OutsideIssuerSettings } {
  const issuer = url(given('oidc-issuer'), ['http:', 'https:']);
  if (issuer === undefined) return {};
  const audiences = listOf(given('oidc-audiences'));
  const claims = given('oidc-claims');
  const pairs = listOf(claims).map((pair): [ClaimUse, string] => {
    const [name = '', claim = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const use = CLAIM_USES.find((each) => each === name);
    if (use === undefined || claim === '') {
      throw new SettingsError(`${claims?.source}: "${pair}" must be USE=CLAIM, USE one of ${CLAIM_USES.join(', ')}`);
    }
    return [use, claim];
  });
  return {
    outsideIssuer: {
      issuer,
      audiences: audiences.length === 0 ? [publicUrl] : audiences,
      claims: { role: 'role', ...Object.fromEntries(pairs) },
    },
  };
}

interface OperatorSettings {
  readonly operatorIssuer?: OperatorIssuerSettings;
  readonly operatorSessions?: SessionTimes;
}

export function operatorSettings(given: Gathered['given']): OperatorSettings {
  const operatorIssuer = operatorIssuerOf(given);
  const [idle, length] = [given('session-idle'), given('session-length')];
  const times = {
    idleMs: integer(idle, 30, 1, 24 * 60) * 60_000,
    longestMs: integer(length, 12, 1, 30 * 24) * 3_600_000,
  };
  return {
    ...(operatorIssuer && { operatorIssuer }),
    ...((idle ?? length) && { operatorSessions: times }),
  };
}

/** Without a claim everybody with an account there would be an operator, which nobody can have meant. */
function operatorIssuerOf(given: Gathered['given']): OperatorIssuerSettings | undefined {
  const source = given('operator-issuer');
  const issuer = url(source, ['http:', 'https:']);
  if (source === undefined || issuer === undefined) return undefined;
  const clientId = given('operator-client-id')?.value;
  const claim = given('operator-claim');
  if (clientId === undefined || claim === undefined) {
    throw new SettingsError(`${source.source}: operators from there need operator-client-id and operator-claim`);
  }
  const [, name, value] = /^([^=]+)=(.+)$/.exec(claim.value) ?? [];
  if (name === undefined || value === undefined) {
    throw new SettingsError(`${claim.source}: "${claim.value}" must be CLAIM=VALUE, such as groups=plugpool-operators`);
  }
  return {
    ...{ issuer, clientId, claim: { name, value } },
    clientSecret: given('operator-client-secret')?.value,
    scope: given('operator-scope')?.value ?? 'openid profile email',
  };
}
