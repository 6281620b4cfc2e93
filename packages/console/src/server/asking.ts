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

/** @throws ServerRefusal, or what `fetch` throws when there is no answer */
export async function ask<T>(
  path: string,
  init: { method?: 'GET' | 'POST' | 'DELETE'; body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', body } = init;
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
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
