/** Who plays: everybody for himself, with the token of his role where the server asks for one. */
import { actorsOf, type HttpCallerOptions, type LifeActors, type LifeDialect } from '@plugpool/client';
import { CommandFailure } from '../command.ts';
import type { Role, RoleTokens } from '../role-credentials.ts';

export interface Cast {
  readonly dialect: LifeDialect;
  /** Undefined where the server asks for none. */
  readonly tokens: RoleTokens | undefined;
}

/** @throws CommandFailure for a role that plays and has no credentials */
export function demoActors({ dialect, tokens }: Cast, options: HttpCallerOptions): LifeActors {
  const actors = actorsOf[dialect];
  if (tokens === undefined) return actors(options);
  const as = (role: Role) => {
    const ofRole = tokens.get(role);
    if (ofRole === undefined) throw new CommandFailure(`the credentials have none for the role ${role}`);
    return actors({ ...options, tokens: ofRole });
  };
  const { anyone, oem } = as('oem');
  // What everybody may read, the OEM reads.
  return { anyone, oem, emsp: as('emsp').emsp, cpo: as('cpo').cpo };
}
