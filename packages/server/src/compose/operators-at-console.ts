/** Who may sign in to the console, and where. */
import { type Operators, operators } from '../access/operators/operators.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { Settings } from '../settings.ts';
import type { Parts } from './ecosystem-of-rooms.ts';

type OperatorParts = Pick<Parts, 'store' | 'clock' | 'logger' | 'secrets'> & {
  readonly settings: Pick<Settings, 'publicUrl' | 'operatorIssuer' | 'operatorSessions'>;
};

export function operatorsAtConsole({ store, clock, logger, secrets, settings }: OperatorParts): Operators {
  return operators({
    ...{ store, clock, secrets },
    publicUrl: settings.publicUrl,
    times: settings.operatorSessions,
    issuer: settings.operatorIssuer,
    // Its address was configured, so it may be in our own network.
    send: outgoingHttp({ allowPrivateTargets: true }),
    note: (message, details) => logger.warn(details, message),
  });
}
