import type { Check } from '../check.ts';
import { expectRefusal, expectStatus } from '../probe.ts';
import { expectThat, needed } from '../verdict.ts';

/** Provisioning Certificate Pool, and the enrolment of vehicles. */
export const vehicleChecks: readonly Check[] = [
  {
    id: 'vehicles/publish',
    title: 'a vehicle is published, and published again',
    async run(world, probe) {
      const { dialect, edition } = world;
      const vehicle = await world.newVehicle();
      for (let times = 0; times < 2; times++) {
        expectStatus(await probe(dialect.publish(vehicle, edition), 'oem'), dialect.published);
      }
    },
  },
  {
    id: 'vehicles/fetch',
    title: 'a vehicle is found by its PCID in either letter case, with the certificate that was published',
    async run(world, probe) {
      const { dialect } = world;
      const { pcid, certificate } = await world.vehicle();
      for (const written of [pcid, pcid.toLowerCase()]) {
        const answer = expectStatus(await probe(dialect.vehicle(written), 'emsp'), 200);
        const found = Buffer.from(dialect.vehicleCertificateIn(answer.json), 'base64');
        expectThat(Buffer.compare(found, certificate.der) === 0, `${answer.name}: another certificate`);
      }
    },
  },
  {
    id: 'vehicles/look-up',
    title: 'a known vehicle is known',
    async run(world, probe) {
      const { dialect } = world;
      const { pcid } = await world.vehicle();
      const ask = needed(dialect.lookUp?.(pcid), `${dialect.name} has no look-up`);
      expectStatus(await probe(ask, 'emsp'), 200);
    },
  },
  {
    id: 'vehicles/unknown',
    title: 'an unknown vehicle answers 404 in the words of the field',
    async run(world, probe) {
      const answer = await probe(world.dialect.vehicle(world.newPcid()), 'emsp');
      expectRefusal(answer, 404, /OEM provisioning certificate with given PCID is not found/);
    },
  },
  {
    id: 'vehicles/pcid-form',
    title: 'a PCID of the wrong form answers 400 with the pattern',
    async run({ dialect }, probe) {
      expectRefusal(await probe(dialect.vehicle('WMI-1'), 'emsp'), 400, /must match/);
    },
  },
  {
    id: 'vehicles/no-certificate',
    title: 'what is no certificate is not published',
    async run(world, probe) {
      const { dialect, edition } = world;
      const vehicle = await world.vehicle();
      const certificate = { ...vehicle.certificate, der: vehicle.certificate.der.subarray(0, -1) };
      const answer = await probe(dialect.publish({ ...vehicle, certificate }, edition), 'oem');
      expectRefusal(answer, 400, /certificate/i);
    },
  },
  {
    id: 'vehicles/no-ca',
    title: 'a CA certificate is not published as a vehicle',
    async run(world, probe) {
      const { dialect, edition } = world;
      const vehicle = await world.vehicle();
      const ca = { certificate: vehicle.subCa2 ?? vehicle.subCa1, subCa1: vehicle.subCa1 };
      // Where callers have WMIs of their own, a name without one is nobody's.
      const answer = await probe(dialect.publish(ca, edition), 'oem');
      expectRefusal(answer, world.asksForTokens && answer.status === 403 ? 403 : 400);
    },
  },
  {
    id: 'vehicles/depublish',
    title: 'a vehicle is depublished with its contracts, and then unknown',
    async run(world, probe) {
      const { dialect, edition } = world;
      const vehicle = await world.newVehicle();
      await world.publish(vehicle);
      await world.store(await world.newContract(vehicle));
      expectStatus(await probe(dialect.depublish(vehicle.pcid), 'oem'), 200);
      expectRefusal(await probe(dialect.vehicle(vehicle.pcid), 'emsp'), 404);
      const request = await world.request(vehicle, new Uint8Array(8).fill(9));
      expectStatus(await probe(dialect.install(request, edition), 'cpo'), 404);
    },
  },
];
