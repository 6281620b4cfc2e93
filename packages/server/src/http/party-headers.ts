import type { IncomingHttpHeaders } from 'node:http';

const names = ['opnc-from-party-type', 'opnc-from-party-id', 'opnc-to-party-type', 'opnc-to-party-id'] as const;

export type PartyHeaders = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** Who asks whom, as the OPNC's headers say it; undefined when they say nothing. Nobody has checked it. */
export function partyHeadersOf(headers: IncomingHttpHeaders): PartyHeaders | undefined {
  const entries = names.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value.slice(0, LONGEST)] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** In a log line, and no party's name is longer. */
const LONGEST = 200;

/** Whether another ecosystem forwarded the call; then it goes no further. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  const { broadcast } = headers;
  return typeof broadcast === 'string' && broadcast.split(',').some((value) => value.trim().toLowerCase() === 'true');
}
