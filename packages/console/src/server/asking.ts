/** The one way in which the console asks its server. */

/** The server understood and said no; its own words are the message. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';
  readonly status: number;
  /** By which the server's log tells of the same call. */
  readonly traceId: string | undefined;

  constructor(status: number, message: string, traceId: string | undefined) {
    super(message);
    this.status = status;
    this.traceId = traceId;
  }
}

/** Shown with every request that changes something: it tells the server that this page sent it. */
let csrfToken: string | undefined;

export function showToken(token: string | undefined): void {
  csrfToken = token;
}

/** Pages that ask again by themselves shall not keep a session alive before which nobody sits. */
const UNATTENDED_AFTER_MS = 60_000;
let lastInputAt = performance.now();
for (const input of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(
    input,
    () => {
      lastInputAt = performance.now();
    },
    { capture: true, passive: true },
  );
}

/** @throws ServerRefusal, or what `fetch` throws when there is no answer */
export async function ask<T>(
  path: string,
  init: { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', body } = init;
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
      ...(performance.now() - lastInputAt > UNATTENDED_AFTER_MS && { 'x-unattended': 'true' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response.status === 204 ? (undefined as T) : await response.json();
  throw await refusalOf(response);
}

async function refusalOf(response: Response): Promise<ServerRefusal> {
  const text = await response.text();
  const traceId = response.headers.get('x-trace-id') ?? undefined;
  return new ServerRefusal(response.status, messageIn(text) ?? response.statusText, traceId);
}

function messageIn(text: string): string | undefined {
  try {
    const { errorMessages } = JSON.parse(text);
    return Array.isArray(errorMessages) ? errorMessages.join('; ') : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What an operator gets whose action another one has to approve. */
export interface Proposed {
  readonly approvalId: string;
}

export function isProposed(answer: unknown): answer is Proposed {
  return typeof answer === 'object' && answer !== null && 'approvalId' in answer;
}
