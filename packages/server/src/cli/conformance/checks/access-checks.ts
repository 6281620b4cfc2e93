import type { Check } from '../check.ts';
import { expectRefusal, expectStatus } from '../probe.ts';
import { CheckSkipped, expectThat } from '../verdict.ts';
import type { World } from '../world.ts';

/** What a server that asks for tokens does without a good one. */
export const accessChecks: readonly Check[] = [
  {
    id: 'access/no-token',
    title: 'a call without token answers 401 and says what is wanted',
    async run(world, probe) {
      needToken(world);
      const answer = await probe(world.dialect.vehicle(world.newPcid()));
      expectRefusal(answer, 401);
      expectThat(answer.headers.has('www-authenticate'), `${answer.name}: 401 without WWW-Authenticate`);
    },
  },
  {
    id: 'access/wrong-token',
    title: 'a token that nobody issued answers 401',
    async run(world, probe) {
      needToken(world);
      const headers = { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoib3BlcmF0b3IifQ.' };
      expectStatus(await probe({ ...world.dialect.vehicle(world.newPcid()), headers }), 401);
    },
  },
  {
    id: 'access/somebody-elses',
    title: 'a vehicle of a WMI that is not the caller\u2019s answers 403, known or not',
    async run(world, probe) {
      needToken(world);
      expectStatus(await probe(world.dialect.depublish(`QQQ${world.newPcid().slice(3)}`), 'oem'), 403);
    },
  },
];

function needToken({ asksForTokens }: World): void {
  if (!asksForTokens) throw new CheckSkipped('no credentials were given: --credentials FILE');
}
