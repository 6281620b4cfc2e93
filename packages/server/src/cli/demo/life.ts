/** The life of a contract as all who take part in it see it: named steps, over HTTP only. */
import { randomBytes, randomInt, sign, verify } from 'node:crypto';
import { type FetchedVehicle, type InstalledContract, type OpncClient, SimulatedVehicle } from '@plugpool/client';
import {
  type Certificate,
  type Edition,
  generateKeyPair,
  makeName,
  publicKeyObject,
  sealContractKey,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { sentChain, subCasOf } from './issuers.ts';

export type Mode = 'sign' | 'generate';

export interface Step {
  readonly role: 'anyone' | 'OEM' | 'eMSP' | 'CPO' | 'car';
  /** Short; the row of the summary. */
  readonly name: string;
  /** What happens, behind the role as subject. */
  readonly text: string;
}

/** Runs a step and gives what it gives; who plays a life hands this in, to measure and to tell. */
export type Play = <T>(step: Step, action: () => Promise<T> | T) => Promise<T>;

/** What all lives share. */
export interface Surroundings {
  /** Trust anchors that are built into the car. */
  readonly v2gRoots: readonly Certificate[];
  readonly oemCas: readonly Certificate[];
  readonly moCas: readonly Certificate[];
}

export interface Identifiers {
  readonly pcid: string;
  readonly emaid: string;
}

/** What a life leaves behind. */
export interface Outcome {
  readonly contract: InstalledContract;
  readonly vehicleCertificate: Certificate;
  /** The nearest first, without the root. */
  readonly vehicleSubCas: readonly Certificate[];
  /** EXI. */
  readonly installationReq: Uint8Array;
  readonly installationRes: Uint8Array;
}

/** Something is not as it must be, though every call went well. */
export class NotAsItMustBe extends Error {
  override readonly name = 'NotAsItMustBe';
}

const edition: Edition = 'ISO15118-2';
/** As many as a request may name. */
const mostRoots = 20;
const day = 86_400_000;

export async function gatherSurroundings({ anyone }: OpncClient, play: Play): Promise<Surroundings> {
  const roots = await play(
    { role: 'anyone', name: 'read roots', text: 'reads which V2G roots there are, to build them into the car' },
    () => anyone.roots({ type: 'V2G' }),
  );
  const certificates = roots.map(({ certificate }) => certificate);
  const v2gRoots = certificates.filter(({ publicKey }) => publicKey.curve === 'secp256r1').slice(0, mostRoots);
  if (v2gRoots.length === 0) throw new NotAsItMustBe(`the ecosystem has no V2G root for ${edition}`);
  return {
    v2gRoots,
    oemCas: await play({ role: 'OEM', name: 'read OEM CAs', text: 'reads the CAs that issue to cars' }, () =>
      anyone.caCertificates({ caDomain: 'oem', edition }),
    ),
    moCas: await play({ role: 'eMSP', name: 'read MO CAs', text: 'reads the CAs that issue to contracts' }, () =>
      anyone.caCertificates({ caDomain: 'emsp', edition }),
    ),
  };
}

/** Fresh and random, so that the life can be played again and again on one server. */
export function randomIdentifiers(): Identifiers {
  return { pcid: `WPP${randomText(14)}`, emaid: `DEPPLC${randomText(8)}` };
}

function randomText(length: number): string {
  const letters = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ';
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

/** @throws what a step throws, or `NotAsItMustBe` */
export async function playLife(
  client: OpncClient,
  surroundings: Surroundings,
  { pcid, emaid, mode }: Identifiers & { readonly mode: Mode },
  play: Play,
): Promise<Outcome> {
  const vehicle = new SimulatedVehicle({ pcid, v2gRoots: surroundings.v2gRoots });
  await provision(vehicle, client, surroundings, play);
  const fetched = await play(
    { role: 'eMSP', name: 'fetch vehicle', text: "fetches the car's certificate by its PCID" },
    () => client.emsp.fetchVehicle(pcid),
  );
  if (mode === 'sign') await signContract({ pcid, emaid }, fetched, client, surroundings, play);
  else await generateContract({ pcid, emaid }, client, play);
  await lookUp(emaid, pcid, client, play);
  const { contract, installationReq, installationRes } = await install(vehicle, emaid, client, play);
  await provide({ pcid, emaid }, vehicle, contract, client, play);
  const { certificate: vehicleCertificate } = vehicle.provisioningChain;
  const vehicleSubCas = subCasOf(vehicleCertificate, surroundings.oemCas);
  return { contract, vehicleCertificate, vehicleSubCas, installationReq, installationRes };
}

async function provision(
  vehicle: SimulatedVehicle,
  { oem }: OpncClient,
  { oemCas, v2gRoots }: Surroundings,
  play: Play,
) {
  await play(
    { role: 'OEM', name: 'enrol vehicle', text: "makes the car's key pair and has its certificate issued (EST)" },
    async () => {
      const certificate = await oem.enrol(edition, await vehicle.certificateRequest('plugpool demo OEM'));
      vehicle.installProvisioning(sentChain(certificate, oemCas));
    },
  );
  await play({ role: 'OEM', name: 'publish vehicle', text: 'publishes the car in the provisioning pool' }, () =>
    oem.publishVehicle({
      edition,
      ...vehicle.provisioningChain,
      v2gRootKeyIdentifiers: v2gRoots.flatMap(({ subjectKeyIdentifier: ski }) => (ski === undefined ? [] : [ski])),
    }),
  );
}

/** The eMSP has its own keys; the CPS only vouches. */
async function signContract(
  { pcid, emaid }: Identifiers,
  vehicle: FetchedVehicle,
  { emsp }: OpncClient,
  { moCas }: Surroundings,
  play: Play,
): Promise<void> {
  const { privateKey } = generateKeyPair('secp256r1');
  const contractCertificate = await play(
    {
      role: 'eMSP',
      name: 'enrol contract',
      text: "makes the contract's key pair and has its certificate issued (EST)",
    },
    async () => {
      const subject = makeName([
        { type: 'O', value: 'plugpool demo eMSP' },
        { type: 'CN', value: emaid },
      ]);
      return await emsp.enrol(edition, await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) }));
    },
  );
  await play(
    {
      role: 'eMSP',
      name: 'sign contract',
      text: 'seals the private key for this one car, has the CPS sign and store it',
    },
    () =>
      emsp.signContractData({
        edition,
        emaid,
        pcid,
        contractChain: sentChain(contractCertificate, moCas),
        ...sealContractKey({
          edition,
          curve: 'secp256r1',
          vehiclePublicKey: vehicle.certificate.publicKey.point,
          contractKey: privateKey,
        }),
      }),
  );
}

async function generateContract({ pcid, emaid }: Identifiers, { emsp }: OpncClient, play: Play): Promise<void> {
  await play(
    { role: 'eMSP', name: 'generate contract', text: 'has the ecosystem make the contract, seal its key and sign it' },
    () => {
      const now = Date.now();
      // A little in the past: clocks differ, and the car shall charge at once.
      return emsp.generateAndSign({ edition, emaid, pcid, begins: now - day, ends: now + 365 * day });
    },
  );
}

async function lookUp(emaid: string, pcid: string, { emsp }: OpncClient, play: Play): Promise<void> {
  await play({ role: 'eMSP', name: 'look up contract', text: 'looks the contract up by its EMAID' }, async () => {
    const contracts = await emsp.contractsByEmaid(emaid);
    if (!contracts.some((contract) => contract.pcid === pcid)) {
      throw new NotAsItMustBe(`the pool has ${contracts.length} contracts for ${emaid}, and none for ${pcid}`);
    }
  });
}

async function install(vehicle: SimulatedVehicle, emaid: string, { cpo }: OpncClient, play: Play) {
  const { exi: installationReq } = await play(
    { role: 'car', name: 'request', text: 'plugs in and signs a CertificateInstallationReq (EXI)' },
    () => vehicle.requestContract(),
  );
  const [response] = await play(
    { role: 'CPO', name: 'install by request', text: 'hands it on and gets the CertificateInstallationRes (EXI)' },
    async () => (await cpo.installByRequest({ edition, installationReq })).responses,
  );
  if (response === undefined) throw new NotAsItMustBe('there is no response for the car');
  const { installationRes } = response;
  const contract = await play(
    { role: 'car', name: 'verify', text: 'verifies the CPS and its signature, decrypts the key and proves it' },
    () => {
      const installed = vehicle.installContract(installationRes);
      proveKey(installed);
      if (installed.emaid !== emaid) throw new NotAsItMustBe(`the contract is ${installed.emaid}, not ${emaid}`);
      return installed;
    },
  );
  return { contract, installationReq, installationRes };
}

/** Whoever holds the key can sign what the contract certificate verifies. */
function proveKey({ key, contractCertificate }: InstalledContract): void {
  if (!key.proven) throw new NotAsItMustBe(key.why);
  const challenge = randomBytes(32);
  const signature = sign('sha256', challenge, key.privateKey);
  if (!verify('sha256', challenge, publicKeyObject(contractCertificate), signature)) {
    throw new NotAsItMustBe('what the recovered key signs does not verify with the contract certificate');
  }
}

async function provide(
  { pcid, emaid }: Identifiers,
  vehicle: SimulatedVehicle,
  installed: InstalledContract,
  { oem }: OpncClient,
  play: Play,
): Promise<void> {
  await play(
    { role: 'OEM', name: 'provide', text: 'backend fetches the same contract by EMAID and PCID, for its own channel' },
    async () => {
      const [provided] = await oem.provide({ emaid, pcid, edition });
      if (provided === undefined) throw new NotAsItMustBe('nothing was provided to the backend of the OEM');
      const { contractCertificate } = vehicle.installProvidedContract(provided.installationRes);
      if (contractCertificate.fingerprint !== installed.contractCertificate.fingerprint) {
        throw new NotAsItMustBe('the backend of the OEM got another contract than the car');
      }
    },
  );
}
