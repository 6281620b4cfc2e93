/** What is wrong with the header of a message, its signature aside. */
import type { EditionMessages, Message } from './edition-messages.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';
import { dateOfSeconds } from './seconds.ts';

/** @param at epoch milliseconds */
export function headerProblems(messages: EditionMessages, { name, header }: Message, at: number): Problem[] {
  const sessionId = fieldOf(header, 'SessionID');
  const timestamp = fieldOf(header, 'TimeStamp');
  return [
    ...(sessionId instanceof Uint8Array ? sessionIdProblems(messages, name, sessionId) : []),
    ...(typeof timestamp === 'bigint' ? timestampProblems(timestamp, at) : []),
  ];
}

/**
 * A car that has no session yet asks for one with zeros, and pools keep signed contract data without the session that it
 * is delivered in.
 */
const withoutSession: ReadonlySet<string> = new Set([
  'SessionSetupReq',
  'CertificateInstallationRes',
  'CertificateUpdateRes',
]);

function sessionIdProblems({ title, sessionIdSizes }: EditionMessages, name: string, sessionId: Uint8Array): Problem[] {
  const problems: Problem[] = [];
  const { smallest, largest } = sessionIdSizes;
  if (sessionId.length < smallest || sessionId.length > largest) {
    const size = smallest === largest ? `${largest}` : `${smallest} to ${largest}`;
    const text = `the SessionID has ${sessionId.length} octets and one of ${title} has ${size}; write it as the session has it`;
    problems.push({ code: 'session-id-size', text });
  }
  if (!withoutSession.has(name) && sessionId.length > 0 && sessionId.every((octet) => octet === 0)) {
    const why = `the SessionID is all zero, with which only a SessionSetupReq begins`;
    const text = `${why}; put in that of the car's session before a car gets this, no signature covers it`;
    problems.push({ code: 'session-id-zero', text });
  }
  return problems;
}

/** Nothing of ISO 15118-20 is older than its first namespaces. */
const earliest = Date.UTC(2020, 0, 1);
const dayInMilliseconds = 86_400_000;

const finerUnits = [
  { unit: 'milliseconds', perSecond: 1000n },
  { unit: 'microseconds', perSecond: 1_000_000n },
  { unit: 'nanoseconds', perSecond: 1_000_000_000n },
] as const;

function timestampProblems(timestamp: bigint, at: number): Problem[] {
  if (isPlausible(timestamp, at)) return [];
  const is = `TimeStamp is ${timestamp}, ${dateOfSeconds(timestamp) ?? 'no date'} if these are seconds since 1970`;
  return [{ code: 'timestamp-implausible', text: `${is}; ${guess(timestamp, at)}` }];
}

function guess(timestamp: bigint, at: number): string {
  const finer = finerUnits.find(({ perSecond }) => isPlausible(timestamp / perSecond, at));
  if (finer !== undefined) {
    return `they look like ${finer.unit} (${dateOfSeconds(timestamp / finer.perSecond)}), write whole seconds`;
  }
  return Number(timestamp) * 1000 < earliest
    ? "the sender's clock was not set, or it counts from its start; count from 1970 in UTC"
    : "that lies ahead of the clock here; set the sender's clock or this one";
}

function isPlausible(seconds: bigint, at: number): boolean {
  const milliseconds = Number(seconds) * 1000;
  return milliseconds >= earliest && milliseconds <= at + dayInMilliseconds;
}
