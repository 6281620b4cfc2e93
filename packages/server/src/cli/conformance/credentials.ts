/** Whose token goes with a call of a check. */
import { NoToken, type Role, type RoleTokens } from '../role-credentials.ts';
import { CheckSkipped } from './verdict.ts';

export interface Credentials {
  /** Whether any role has some, and so the server asks for them. */
  readonly given: boolean;
  /** @throws CheckSkipped for a role that has none where others have */
  tokenOf(role: Role): Promise<string | undefined>;
}

export const noCredentials: Credentials = { given: false, tokenOf: async () => undefined };

export function credentialsOf(file: string, tokens: RoleTokens): Credentials {
  return {
    given: true,
    async tokenOf(role) {
      const ofRole = tokens.get(role);
      if (ofRole === undefined) throw new CheckSkipped(`${file} has no credentials for the role ${role}`);
      try {
        return await ofRole.current();
      } catch (cause) {
        if (cause instanceof NoToken) throw new CheckSkipped(cause.message, { cause });
        throw cause;
      }
    },
  };
}
