/** What a car of ISO 15118-20 hears when it gets no contract, and its CPO with it. */
import { expect } from 'vitest';
import { call, DIALECTS, type Dialect } from './dialects.ts';
import { expectRefused } from './refusal.ts';
import { in20, responseIn20, SESSION_20 } from './roles-20.ts';
import type { TestServer } from './running-server.ts';

export interface RefusedCar {
  readonly exi: Uint8Array;
  readonly status: 400 | 404;
  readonly code: string;
  /** In the error body. */
  readonly text: RegExp;
}

/** Each request by its title is refused in both forms of failure, in all dialects. `time` in seconds since 1970. */
export async function refusesCars(server: TestServer, cases: Readonly<Record<string, RefusedCar>>, time: number) {
  for (const dialect of DIALECTS) {
    for (const [title, { exi, status, code }] of Object.entries(cases)) {
      const expected = { title, status, code, session: SESSION_20, time, remaining: 0 };
      expect({ title, ...(await failureOf(server.url, dialect, exi)) }).toEqual(expected);
    }
    await expectRefused(
      server,
      Object.entries(cases).map(([title, { exi, status, text }]) => ({
        title: `${title} in ${dialect.name}`,
        call: in20(dialect.install(exi, { alwaysReturnEXI: 'false' })),
        status,
        names: text,
      })),
    );
  }
}

/** The answer with `alwaysReturnEXI`: the failure as a car reads it, in the envelope of the dialect. */
async function failureOf(url: string, dialect: Dialect, exi: Uint8Array) {
  const answer = await call(url, in20(dialect.install(exi, { alwaysReturnEXI: 'true' })));
  expect(answer.headers.get('x-trace-id')).toMatch(/^[0-9a-f-]{36}$/);
  const res = responseIn20(dialect.delivered(answer.json)[0] ?? '');
  return {
    status: answer.status,
    code: res.ResponseCode,
    session: res.Header.SessionID,
    time: Number(res.Header.TimeStamp),
    remaining: res.RemainingContractCertificateChains,
  };
}
