/** Vehicles in the pool, brought there over HTTP as OEM and eMSP do it. */
import { type AccessTokens, opncClient, SimulatedVehicle } from '@plugpool/client';
import { type CurveName, type Edition, generateKeyPair, namespaceOfEdition } from '@plugpool/iso15118';
import { httpRequest } from './http-load.ts';
import { PROVIDER_ID, WMI } from './party.ts';

/** Many enough that no cache of a few entries helps. */
const VEHICLES = 200;
const AT_ONCE = 8;
const DAY_MS = 86_400_000;
/** A contract can be generated for vehicles with these keys. */
const curves: Readonly<Record<Edition, CurveName>> = { 'ISO15118-2': 'secp256r1', 'ISO15118-20': 'secp521r1' };

export interface Fleet {
  readonly edition: Edition;
  readonly pcids: readonly string[];
  readonly emaids: readonly string[];
  /** The signed request of each vehicle, as the CPO's backend sends it. */
  readonly installRequests: readonly Buffer[];
  /** What stands in the header of every request. */
  readonly token: string;
}

/**
 * Enrols and publishes the vehicles, has a contract made for each, and lets each install it: what is measured later
 * has been seen to work, from the signature of the request to the key in the car.
 */
export async function makeFleet(url: string, edition: Edition, tokens: AccessTokens): Promise<Fleet> {
  const { anyone, oem, emsp, cpo } = opncClient({ baseUrl: url, tokens });
  const token = await tokens.current();
  const algorithm = curves[edition];
  const [subCa2, subCa1, root] = await anyone.caCertificates({ caDomain: 'oem', edition, algorithm });
  if (subCa2 === undefined || subCa1 === undefined || root === undefined) throw new Error('the OEM chain is cut');

  async function vehicleNumber(number: number) {
    const pcid = `${WMI}BENCH${String(number).padStart(9, '0')}`;
    const emaid = emaidNumber(number);
    const v2gRoots = root === undefined ? [] : [root];
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots, keyPairs: [generateKeyPair(algorithm)] });
    const certificate = await oem.enrol(edition, await vehicle.certificateRequest(), { algorithm });
    const chain = { certificate, subCa2, subCa1: subCa1 ?? certificate };
    vehicle.installProvisioning(chain);
    await oem.publishVehicle({ edition, ...chain });
    const now = Date.now();
    await emsp.generateAndSign({ edition, emaid, pcid, begins: now - DAY_MS, ends: now + 365 * DAY_MS });
    const { exi } = await vehicle.requestContract();
    const { responses } = await cpo.installByRequest({ edition, installationReq: exi });
    vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array());
    return { pcid, emaid, installRequest: installRequest(edition, exi, token) };
  }

  const made: Awaited<ReturnType<typeof vehicleNumber>>[] = [];
  for (let first = 0; first < VEHICLES; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    made.push(...(await Promise.all(numbers.map(vehicleNumber))));
  }
  return {
    edition,
    token,
    pcids: made.map(({ pcid }) => pcid),
    emaids: made.map(({ emaid }) => emaid),
    installRequests: made.map(({ installRequest }) => installRequest),
  };
}

function installRequest(edition: Edition, exi: Uint8Array, token: string): Buffer {
  return httpRequest(
    { method: 'POST', path: '/opnc/v1/ccp/signedcontractdata', token },
    {
      certificateInstallationReq: Buffer.from(exi).toString('base64'),
      xsdMsgDefNamespace: namespaceOfEdition(edition),
    },
  );
}

/** Orders for the fleet's vehicles in turn, each of a contract that nobody has yet. */
export function generateOrders({ edition, pcids, emaids, token }: Fleet): () => Buffer {
  const now = Date.now();
  const instant = (at: number) => new Date(at).toISOString();
  let number = emaids.length;
  return () => {
    const pcid = pcids[number % pcids.length];
    return httpRequest(
      { method: 'PUT', path: '/opnc/v1/cps/contractData/generateandsign', token },
      {
        contractBegins: instant(now - DAY_MS),
        contractEnds: instant(now + 365 * DAY_MS),
        emaid: emaidNumber(number++),
        pcid,
        xsdMsgDefNamespace: namespaceOfEdition(edition),
      },
    );
  };
}

function emaidNumber(number: number): string {
  return `${PROVIDER_ID}C${String(number).padStart(8, '0')}`;
}
