import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
}
