/** Vehicles in the pool, brought there over HTTP as OEM and eMSP do it. */
import { opncClient, SimulatedVehicle } from '@plugpool/client';
import { httpRequest } from './http-load.ts';

/** Many enough that no cache of a few entries helps. */
const VEHICLES = 200;
const AT_ONCE = 8;
const DAY_MS = 86_400_000;
const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';

export interface Fleet {
  readonly pcids: readonly string[];
  readonly emaids: readonly string[];
  /** The signed request of each vehicle, as the CPO's backend sends it. */
  readonly installRequests: readonly Buffer[];
}

/**
 * Enrols and publishes the vehicles, has a contract made for each, and lets each install it: what is measured later
 * has been seen to work, from the signature of the request to the key in the car.
 */
export async function makeFleet(url: string): Promise<Fleet> {
  const { anyone, oem, emsp, cpo } = opncClient({ baseUrl: url });
  const edition = 'ISO15118-2';
  const [subCa2, subCa1, root] = await anyone.caCertificates({ caDomain: 'oem', edition });
  if (subCa2 === undefined || subCa1 === undefined || root === undefined) throw new Error('the OEM chain is cut');

  async function vehicleNumber(number: number) {
    const pcid = `WPPBENCH${String(number).padStart(9, '0')}`;
    const emaid = emaidNumber(number);
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots: root === undefined ? [] : [root] });
    const certificate = await oem.enrol(edition, await vehicle.certificateRequest());
    const chain = { certificate, subCa2, subCa1: subCa1 ?? certificate };
    vehicle.installProvisioning(chain);
    await oem.publishVehicle({ edition, ...chain });
    const now = Date.now();
    await emsp.generateAndSign({ edition, emaid, pcid, begins: now - DAY_MS, ends: now + 365 * DAY_MS });
    const { exi } = await vehicle.requestContract();
    const { responses } = await cpo.installByRequest({ edition, installationReq: exi });
    vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array());
    return { pcid, emaid, installRequest: installRequest(exi) };
  }

  const made: Awaited<ReturnType<typeof vehicleNumber>>[] = [];
  for (let first = 0; first < VEHICLES; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    made.push(...(await Promise.all(numbers.map(vehicleNumber))));
  }
  return {
    pcids: made.map(({ pcid }) => pcid),
    emaids: made.map(({ emaid }) => emaid),
    installRequests: made.map(({ installRequest }) => installRequest),
  };
}

function installRequest(exi: Uint8Array): Buffer {
  return httpRequest('POST', '/opnc/v1/ccp/signedcontractdata', {
    certificateInstallationReq: Buffer.from(exi).toString('base64'),
    xsdMsgDefNamespace: NAMESPACE,
  });
}

/** Orders for the fleet's vehicles in turn, each of a contract that nobody has yet. */
export function generateOrders({ pcids, emaids }: Fleet): () => Buffer {
  const now = Date.now();
  const instant = (at: number) => new Date(at).toISOString();
  let number = emaids.length;
  return () => {
    const pcid = pcids[number % pcids.length];
    return httpRequest('PUT', '/opnc/v1/cps/contractData/generateandsign', {
      contractBegins: instant(now - DAY_MS),
      contractEnds: instant(now + 365 * DAY_MS),
      emaid: emaidNumber(number++),
      pcid,
      xsdMsgDefNamespace: NAMESPACE,
    });
  };
}

function emaidNumber(number: number): string {
  return `DEPPLC${String(number).padStart(8, '0')}`;
}
