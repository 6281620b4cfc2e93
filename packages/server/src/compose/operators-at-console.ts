/** Who may sign in to the console, and where. */
import { type OperatorIssuer, type Operators, operators } from '../access/operators/operators.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { Settings } from '../settings.ts';
import type { Parts } from './ecosystem-of-rooms.ts';

type OperatorParts = Pick<Parts, 'store' | 'clock' | 'logger' | 'secrets'> & {
  readonly settings: Pick<Settings, 'publicUrl' | 'operatorIssuer' | 'operatorSessions'>;
};

export async function operatorsAtConsole(parts: OperatorParts): Promise<Operators> {
  const { store, clock, secrets, settings } = parts;
  const { publicUrl, operatorSessions: times } = settings;
  return operators({ store, clock, secrets, publicUrl, times, issuer: await issuerOf(parts) });
}

/** Loaded where one is configured. */
async function issuerOf({ clock, logger, secrets, settings }: OperatorParts): Promise<OperatorIssuer | undefined> {
  const { publicUrl, operatorIssuer: configured } = settings;
  if (configured === undefined) return undefined;
  const { operatorIssuer } = await import('../access/operators/operator-issuer.ts');
  return operatorIssuer(configured, {
    ...{ clock, secrets, publicUrl },
    // Its address was configured, so it may be in our own network.
    send: outgoingHttp({ allowPrivateTargets: true }),
    note: (message, details) => logger.warn(details, message),
  });
}
