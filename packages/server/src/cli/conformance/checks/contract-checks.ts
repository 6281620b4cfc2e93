import { isSignedBy } from '@plugpool/iso15118';
import type { Check } from '../check.ts';
import { enrol } from '../own-keys.ts';
import { type Answer, expectRefusal, expectStatus } from '../probe.ts';
import { CheckSkipped, expectThat, needed } from '../verdict.ts';
import type { World } from '../world.ts';

const DAY_MS = 86_400_000;

/** Certificate Provisioning Service and Contract Certificate Pool, as an eMSP and an OEM see them. */
export const contractChecks: readonly Check[] = [
  {
    id: 'contracts/sign',
    title: 'contract data is signed and stored',
    async run(world, probe) {
      const { dialect, edition } = world;
      const vehicle = await world.newVehicle();
      await world.publish(vehicle);
      const contract = await world.newContract(vehicle);
      expectStatus(await probe(dialect.sign(contract, edition), 'emsp'), dialect.signed);
    },
  },
  {
    id: 'contracts/unknown-vehicle',
    title: 'contract data for an unknown vehicle is refused',
    async run(world, probe) {
      const contract = { ...(await world.newContract(await world.vehicle())), pcid: world.newPcid() };
      const answer = await probe(world.dialect.sign(contract, world.edition), 'emsp');
      expectRefusal(answer, 400, /given PCID is not available/);
    },
  },
  {
    id: 'contracts/short-key',
    title: 'an encrypted key that is too short is refused',
    async run(world, probe) {
      const contract = await world.newContract(await world.vehicle());
      const encryptedPrivateKey = contract.encryptedPrivateKey.subarray(1);
      expectRefusal(await probe(world.dialect.sign({ ...contract, encryptedPrivateKey }, world.edition), 'emsp'), 400);
    },
  },
  {
    id: 'contracts/point-off-the-curve',
    title: 'a DH public key that is no point on the curve is refused',
    async run(world, probe) {
      const contract = await world.newContract(await world.vehicle());
      const dhPublicKey = contract.dhPublicKey.slice();
      dhPublicKey[dhPublicKey.length - 1] = (dhPublicKey.at(-1) ?? 0) ^ 1;
      expectRefusal(await probe(world.dialect.sign({ ...contract, dhPublicKey }, world.edition), 'emsp'), 400);
    },
  },
  {
    id: 'contracts/foreign-chain',
    title: 'a contract certificate under sub CAs that did not issue it is refused',
    async run(world, probe) {
      const vehicle = await world.vehicle();
      const contract = await world.newContract(vehicle);
      const { subCa1, subCa2 = subCa1 } = vehicle;
      const { certificate } = contract.chain;
      if (isSignedBy(certificate, subCa2)) throw new CheckSkipped('vehicle and contract are of the same sub CA');
      const answer = await probe(
        world.dialect.sign({ ...contract, chain: { certificate, subCa2, subCa1 } }, world.edition),
        'emsp',
      );
      expectRefusal(answer, 400);
    },
  },
  {
    id: 'contracts/emaid-of-another-vehicle',
    title: 'an EMAID belongs to one vehicle',
    async run(world, probe) {
      const { first } = await world.contracts();
      const other = await world.stranger();
      await world.publish(other);
      const taken = await world.newContract(other);
      const { emaid, chain } = first;
      const answer = await probe(world.dialect.sign({ ...taken, emaid, chain }, world.edition), 'emsp');
      expectRefusal(answer, 400, /EMAID is already used by other PCID/);
    },
  },
  {
    id: 'contracts/generate',
    title: 'contract data is generated and signed',
    async run(world, probe) {
      const vehicle = await world.newVehicle();
      await world.publish(vehicle);
      expectStatus(await probe(generating(world, vehicle.pcid, {}), 'emsp'), 201);
    },
  },
  {
    id: 'contracts/generate-for-the-past',
    title: 'a contract that ends in the past is not generated',
    async run(world, probe) {
      const { pcid } = await world.vehicle();
      const past = { begins: '2020-01-01T00:00:00Z', ends: '2020-02-01T00:00:00Z' };
      expectRefusal(await probe(generating(world, pcid, past), 'emsp'), 400, /contractEnds/);
    },
  },
  {
    id: 'contracts/by-emaid',
    title: 'a contract is found by its EMAID',
    async run(world, probe) {
      const { first } = await world.contracts();
      const { dialect, edition } = world;
      const ask = needed(dialect.byEmaid?.(first.emaid, edition), `${dialect.name} finds none by EMAID`);
      expectListed(world, expectStatus(await probe(ask, 'emsp'), 200), first.emaid);
    },
  },
  {
    id: 'contracts/by-unknown-emaid',
    title: 'an unknown EMAID answers 404',
    async run(world, probe) {
      const { dialect, edition } = world;
      const ask = needed(dialect.byEmaid?.(world.newEmaid(), edition), `${dialect.name} finds none by EMAID`);
      expectRefusal(await probe(ask, 'emsp'), 404);
    },
  },
  {
    id: 'contracts/by-pcid',
    title: 'the contracts of a vehicle are found by its PCID, one of them the default',
    async run(world, probe) {
      const { first } = await world.contracts();
      const { dialect, edition } = world;
      const ask = needed(dialect.byPcid?.(first.pcid, edition), `${dialect.name} finds none by PCID`);
      const answer = expectStatus(await probe(ask, 'oem'), 200);
      expectListed(world, answer, first.emaid);
      const defaults = dialect.contractsIn(answer.json).filter(({ isDefault }) => isDefault);
      expectThat(defaults.length === 1, `${answer.name}: ${defaults.length} default contracts`);
    },
  },
  {
    id: 'contracts/withdraw',
    title: 'a contract is withdrawn once',
    async run(world, probe) {
      const vehicle = await world.newVehicle();
      await world.publish(vehicle);
      const { emaid } = await world.store(await world.newContract(vehicle));
      expectStatus(await probe(world.dialect.withdraw(emaid), 'emsp'), 200);
      expectRefusal(await probe(world.dialect.withdraw(emaid), 'emsp'), 404);
    },
  },
  {
    id: 'est/name-rule',
    title: 'no vehicle certificate is issued for what is no PCID',
    async run(world, probe) {
      const { certificate } = await world.vehicle();
      // Enrolment fails as it should, so what is checked is that nothing comes back.
      const issued = await enrol(world.dialect, probe, 'oem', 'not-a-pcid', certificate.publicKey.curve).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && /expected 200, got 4/.test(error.message)) return false;
          throw error;
        },
      );
      expectThat(!issued, 'a certificate was issued for "not-a-pcid"');
    },
  },
];

function generating(world: World, pcid: string, term: { begins?: string; ends?: string }) {
  const order = {
    emaid: world.newEmaid(),
    pcid,
    begins: new Date(Date.now() - DAY_MS).toISOString(),
    ends: new Date(Date.now() + 30 * DAY_MS).toISOString(),
    ...term,
  };
  return needed(world.dialect.generate?.(order, world.edition), `${world.dialect.name} does not generate`);
}

function expectListed({ dialect }: World, answer: Answer, emaid: string): void {
  const listed = dialect.contractsIn(answer.json).some((contract) => sameEmaid(contract.emaid, emaid));
  expectThat(listed, `${answer.name}: ${emaid} is not in the answer`);
}

function sameEmaid(one: string, other: string): boolean {
  return one.replaceAll('-', '').toUpperCase() === other.replaceAll('-', '').toUpperCase();
}
