import type { Check } from '../check.ts';
import { expectRefusal, expectStatus, memberOf } from '../probe.ts';
import { expectThat } from '../verdict.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What holds for every operation. */
export const httpChecks: readonly Check[] = [
  {
    id: 'http/unknown-path',
    title: 'an unknown path answers 404 with the error body, whose trace id is a UUID',
    async run({ dialect }, probe) {
      const answer = await probe({ method: 'GET', path: `${dialect.roots.path}/there/is/nothing/here` });
      expectRefusal(answer, 404);
      expectThat(UUID.test(String(memberOf(answer.json, 'traceId'))), `${answer.name}: the traceId is no UUID`);
    },
  },
  {
    id: 'http/wrong-method',
    title: 'a method that a path does not have answers 405 and names the others',
    async run({ dialect }, probe) {
      const answer = expectStatus(await probe({ method: 'PATCH', path: dialect.roots.path }, 'operator'), 405);
      expectThat(answer.headers.has('allow'), `${answer.name}: 405 without Allow`);
    },
  },
  {
    id: 'http/broken-json',
    title: 'a body that is no JSON answers 400',
    async run({ dialect, edition }, probe) {
      const ask = dialect.install(new Uint8Array(1), edition);
      expectRefusal(await probe({ ...ask, body: '{"certificateInstallationReq":' }, 'cpo'), 400);
    },
  },
  {
    id: 'http/wrong-content-type',
    title: 'a body of a type that the operation does not take answers 415',
    async run({ dialect, edition }, probe) {
      const ask = dialect.install(new Uint8Array(1), edition);
      expectRefusal(await probe({ ...ask, type: 'text/csv', body: 'a;b' }, 'cpo'), 415);
    },
  },
  {
    id: 'http/missing-field',
    title: 'a body without a mandatory field answers 400 and names the field',
    async run({ dialect, edition }, probe) {
      const { certificateInstallationReq: _, ...rest } = Object(dialect.install(new Uint8Array(1), edition).body);
      const answer = await probe({ ...dialect.install(new Uint8Array(1), edition), body: rest }, 'cpo');
      expectRefusal(answer, 400, /certificateInstallationReq/);
    },
  },
];
