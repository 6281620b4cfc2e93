/** One event on its way to one endpoint, and what became of it. */

/** `pending`: not sent yet, or to be sent again. The others are final, until somebody replays the delivery. */
export const deliveryStates = ['pending', 'delivered', 'rejected', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  /** In OPCP's spelling. */
  readonly eventType: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Epoch milliseconds; of a pending one. */
  readonly nextAttemptAt?: number;
  readonly createdAt: number;
  readonly lastAttemptAt?: number;
  /** HTTP status; absent when nobody answered. */
  readonly lastStatus?: number;
  /** Beginning of the last answer, or why there was none. */
  readonly lastAnswer?: string;
}

/** What processes on one database announce to each other when there is something to deliver. */
export const DELIVERY_TOPIC = 'plugpool_webhooks';
