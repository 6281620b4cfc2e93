import { VehicleRefusal, verifyInstallationRes, verifyInstallationRes20 } from '@plugpool/client';
import { decode, ExiError, iso15118_2, iso15118_20Common } from '@plugpool/exi';
import { type Edition, EnvelopeError, generateKeyPair, openContractKey } from '@plugpool/iso15118';
import type { Check } from '../check.ts';
import { type Answer, expectRefusal, expectStatus, memberOf } from '../probe.ts';
import { CheckFailed, expectThat, needed } from '../verdict.ts';
import type { Vehicle, World } from '../world.ts';

const SESSION = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** Install by request: what a charger's backend asks for a car, and what the car makes of the answer. */
export const installationChecks: readonly Check[] = [
  {
    id: 'installation/contract',
    title: 'the car gets a response whose signatures verify and whose key is that of the contract',
    async run(world, probe) {
      await world.contracts();
      const vehicle = await world.vehicle();
      const answer = expectStatus(await probe(await installing(world, vehicle), 'cpo'), 200);
      const delivered = world.dialect.deliveredIn(answer.json);
      expectThat(delivered.length > 0, `${answer.name}: no certificateInstallationRes in the answer`);
      for (const response of delivered) await expectContract(world, vehicle, answer, response, SESSION);
    },
  },
  {
    id: 'installation/no-exi',
    title: 'octets that are no EXI answer 400 in the words of the field',
    async run({ dialect, edition }, probe) {
      expectRefusal(await probe(dialect.install(new Uint8Array(64), edition), 'cpo'), 400, /EXI format is invalid/);
    },
  },
  {
    id: 'installation/broken-signature',
    title: 'a request with a broken signature answers 400 with a response that says so to the car',
    async run(world, probe) {
      await world.contracts();
      const vehicle = await world.vehicle();
      const forged = await world.request({ ...vehicle, key: generateKeyPair(world.curve) }, SESSION);
      const answer = expectStatus(await probe(world.dialect.install(forged, world.edition), 'cpo'), 400);
      expectCode(world, answer, /^FAILED_SignatureError$/);
    },
  },
  {
    id: 'installation/unknown-vehicle',
    title: 'a vehicle that is not in the pool answers 404 with a response that says so to the car',
    async run(world, probe) {
      const stranger = await world.stranger();
      const answer = expectStatus(await probe(await installing(world, stranger), 'cpo'), 404);
      expectCode(world, answer, /^(FAILED_NoCertificateAvailable|WARNING_NoContractMatchingPCIDFound)$/);
    },
  },
  {
    id: 'installation/error-body',
    title: 'with alwaysReturnEXI false a failure is the error body',
    async run(world, probe) {
      const stranger = await world.stranger();
      const ask = { ...(await installing(world, stranger)), headers: { alwaysReturnEXI: 'false' } };
      expectRefusal(await probe(ask, 'cpo'), 404);
    },
  },
  {
    id: 'installation/default',
    title: 'the car gets the contract that was made the default',
    async run(world, probe) {
      const { first, other } = await world.contracts();
      const { emaid, pcid } = needed(other, 'one contract was brought along, and it needs two');
      const { dialect } = world;
      const ask = needed(dialect.setDefault?.(emaid, pcid), `${dialect.name} sets no default`);
      expectStatus(await probe(ask, 'oem'), 200);
      const vehicle = await world.vehicle();
      const answer = expectStatus(await probe(await installing(world, vehicle), 'cpo'), 200);
      const [response = ''] = dialect.deliveredIn(answer.json);
      const contract = await expectContract(world, vehicle, answer, response, SESSION);
      const again = dialect.setDefault?.(first.emaid, pcid);
      if (again !== undefined) expectStatus(await world.setUp(again, 'oem'), 200);
      expectThat(contract === emaid, `${answer.name}: got ${contract}, where ${emaid} is the default`);
    },
  },
  {
    id: 'installation/provided',
    title: 'the backend of the OEM gets the same with the session id that it names',
    async run(world, probe) {
      const { first } = await world.contracts();
      const { dialect, edition } = world;
      const sessionId = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0, 1);
      const hex = Buffer.from(sessionId).toString('hex');
      const ask = needed(dialect.provide?.(first.emaid, first.pcid, edition, hex), `${dialect.name} provides none`);
      const answer = expectStatus(await probe(ask, 'oem'), 200);
      await expectContract(world, await world.vehicle(), answer, dialect.providedIn(answer.json), sessionId);
    },
  },
];

async function installing(world: World, vehicle: Vehicle) {
  return world.dialect.install(await world.request(vehicle, SESSION), world.edition);
}

/** Everything that a car checks. The EMAID of the contract. @throws CheckFailed */
async function expectContract(
  world: World,
  vehicle: Vehicle,
  { name }: Answer,
  response: string,
  sessionId: Uint8Array,
): Promise<string> {
  const circumstances = { sessionId, v2gRoots: await world.roots(), at: Date.now() };
  const exi = Buffer.from(response, 'base64');
  try {
    const verified =
      world.edition === 'ISO15118-2'
        ? verifyInstallationRes(exi, circumstances)
        : verifyInstallationRes20(exi, circumstances);
    const { contractCertificate, encryptedPrivateKey, dhPublicKey } = verified;
    openContractKey({
      curve: world.curve,
      vehiclePrivateKey: vehicle.key.privateKey,
      contractPublicKey: contractCertificate.publicKey.point,
      encryptedPrivateKey,
      dhPublicKey,
      pcid: vehicle.pcid,
      contractSki: contractCertificate.subjectKeyIdentifier,
    });
    return verified.emaid;
  } catch (error) {
    if (error instanceof VehicleRefusal || error instanceof EnvelopeError) {
      throw new CheckFailed(`${name}: the car refuses the response: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** @throws CheckFailed */
function expectCode({ dialect, edition }: World, answer: Answer, wanted: RegExp): void {
  const code = responseCodeIn(edition, dialect.deliveredIn(answer.json)[0] ?? '');
  expectThat(code !== undefined, `${answer.name}: ${answer.status} without a CertificateInstallationRes`);
  expectThat(wanted.test(code), `${answer.name}: the ResponseCode is ${code}, ${wanted} is expected`);
}

function responseCodeIn(edition: Edition, response: string): string | undefined {
  const exi = Buffer.from(response, 'base64');
  try {
    const code =
      edition === 'ISO15118-2'
        ? memberOf(decode(iso15118_2, exi), 'V2G_Message', 'Body', 'CertificateInstallationRes', 'ResponseCode')
        : memberOf(decode(iso15118_20Common, exi), 'CertificateInstallationRes', 'ResponseCode');
    return typeof code === 'string' ? code : undefined;
  } catch (error) {
    if (error instanceof ExiError) return undefined;
    throw error;
  }
}
