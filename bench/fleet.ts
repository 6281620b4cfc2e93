/** Vehicles in the pool, brought there over HTTP as OEM and eMSP do it. */
import { type AccessTokens, opncClient, SimulatedVehicle } from '@plugpool/client';
import { type CurveName, type Edition, generateKeyPair, namespaceOfEdition } from '@plugpool/iso15118';
import { httpRequest } from './http-load.ts';
import { nameOf } from './names.ts';

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

/** Vehicles with a contract each, and the requests that they are installed with. */
export async function makeFleet(url: string, edition: Edition, tokens: AccessTokens): Promise<Fleet> {
  const made = await makeVehicles({ url, edition, tokens, vehicles: VEHICLES });
  const token = await tokens.current();
  return {
    edition,
    token,
    pcids: made.map((_, number) => nameOf('fleet', number).pcid),
    emaids: made.map((_, number) => nameOf('fleet', number).emaid),
    installRequests: made.map((exi) => installRequest(edition, exi, token)),
  };
}

export interface VehiclesToMake {
  /** Of the server. */
  readonly url: string;
  readonly edition: Edition;
  readonly tokens: AccessTokens;
  readonly vehicles: number;
  /** Called with how many more are made. */
  readonly made?: (more: number) => void;
}

/**
 * Enrols and publishes the vehicles, has a contract made for each, and lets each install it: what is measured later
 * has been seen to work, from the signature of the request to the key in the car.
 * @returns the signed request of each, EXI
 */
export async function makeVehicles(order: VehiclesToMake): Promise<Uint8Array[]> {
  const { url, edition, tokens, vehicles, made } = order;
  const { anyone, oem, emsp, cpo } = opncClient({ baseUrl: url, tokens });
  const algorithm = curves[edition];
  const [subCa2, subCa1, root] = await anyone.caCertificates({ caDomain: 'oem', edition, algorithm });
  if (subCa2 === undefined || subCa1 === undefined || root === undefined) throw new Error('the OEM chain is cut');
  const subCas = { subCa2, subCa1 };
  const v2gRoots = [root];

  async function vehicleNumber(number: number): Promise<Uint8Array> {
    const { pcid, emaid } = nameOf('fleet', number);
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots, keyPairs: [generateKeyPair(algorithm)] });
    const certificate = await oem.enrol(edition, await vehicle.certificateRequest(), { algorithm });
    const chain = { certificate, ...subCas };
    vehicle.installProvisioning(chain);
    await oem.publishVehicle({ edition, ...chain });
    const now = Date.now();
    await emsp.generateAndSign({ edition, emaid, pcid, begins: now - DAY_MS, ends: now + 365 * DAY_MS });
    const { exi } = await vehicle.requestContract();
    const { responses } = await cpo.installByRequest({ edition, installationReq: exi });
    vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array());
    return exi;
  }

  const requests: Uint8Array[] = [];
  while (requests.length < vehicles) {
    const numbers = Array.from(
      { length: Math.min(AT_ONCE, vehicles - requests.length) },
      (_, n) => requests.length + n,
    );
    requests.push(...(await Promise.all(numbers.map(vehicleNumber))));
    made?.(numbers.length);
  }
  return requests;
}

/** As the CPO's backend sends it, over the wire. */
export function installRequest(edition: Edition, exi: Uint8Array, token: string): Buffer {
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
        emaid: nameOf('fleet', number++).emaid,
        pcid,
        xsdMsgDefNamespace: namespaceOfEdition(edition),
      },
    );
  };
}
