import { checkChain, isCa, isSignedBy } from '@plugpool/iso15118';
import type { Check } from '../check.ts';
import { certificateIn } from '../own-keys.ts';
import { expectRefusal, expectStatus } from '../probe.ts';
import { expectThat, needed } from '../verdict.ts';

/** Root Certificate Pool and CPS signers. */
export const rootChecks: readonly Check[] = [
  {
    id: 'roots/list',
    title: 'the list of roots has self-signed CA certificates, each with an id',
    async run({ dialect }, probe) {
      const answer = expectStatus(await probe(dialect.roots, 'cpo'), 200);
      const roots = dialect.rootsIn(answer.json);
      expectThat(roots.length > 0, `${answer.name}: the list is empty`);
      for (const { id, certificate } of roots) {
        const root = certificateIn(certificate, answer.name);
        expectThat(id !== '' && id !== 'undefined', `${answer.name}: a root without id`);
        expectThat(isCa(root) && isSignedBy(root, root), `${answer.name}: ${id} is no self-signed CA certificate`);
      }
    },
  },
  {
    id: 'roots/one',
    title: 'a root is found by its id',
    async run(world, probe) {
      const { dialect } = world;
      const listed = dialect.rootsIn(expectStatus(await world.setUp(dialect.roots, 'cpo'), 200).json)[0];
      const { id, certificate } = needed(listed, 'the list of roots is empty');
      const answer = expectStatus(await probe(dialect.root(id), 'cpo'), 200);
      expectThat(answer.text.includes(certificate), `${answer.name}: not the certificate of the list`);
    },
  },
  {
    id: 'roots/unknown',
    title: 'an unknown root answers 404',
    async run({ dialect }, probe) {
      expectRefusal(await probe(dialect.root('00000000-0000-4000-8000-000000000000'), 'cpo'), 404);
    },
  },
  {
    id: 'signers/list',
    title: 'CPS signers have chains that end at a listed root',
    async run(world, probe) {
      const { dialect, edition } = world;
      const signers = needed(dialect.signers, `${dialect.name} has no list of signers`);
      const answer = expectStatus(await probe(signers, 'emsp'), 200);
      const roots = await world.roots();
      const chains = dialect
        .signersIn(answer.json)
        .map((chain) => chain.map((text) => certificateIn(text, answer.name)))
        .filter(([leaf]) => leaf?.publicKey.curve === world.curve);
      expectThat(chains.length > 0, `${answer.name}: no signer for ${edition}`);
      for (const [leaf, subCa2, subCa1] of chains) {
        if (leaf === undefined || subCa2 === undefined || subCa1 === undefined) continue;
        const result = checkChain({ leaf, subCa2, subCa1, roots, at: Date.now() });
        expectThat(result.ok, `${answer.name}: ${result.ok ? '' : result.problem.text}`);
      }
    },
  },
];
