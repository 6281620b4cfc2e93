/** The eMSPs: make contracts for one car. */
import {
  generateKeyPair,
  makeName,
  sealContractKey,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import type { FetchedVehicle } from '../roles/vehicles.ts';
import type { LifeActors } from './actors.ts';
import type { Identifiers } from './identifiers.ts';
import { sentChain } from './issuers.ts';
import { NotAsItMustBe, type Play } from './step.ts';
import type { EditionSurroundings } from './surroundings.ts';

/** How the first contract of an edition is made; all others are generated. */
export type Mode = 'sign' | 'generate';

const day = 86_400_000;

export async function makeContracts(
  { pcid, emaids }: Identifiers,
  mode: Mode,
  client: LifeActors,
  surroundings: EditionSurroundings,
  play: Play,
): Promise<void> {
  const { edition } = surroundings;
  const [first, ...others] = emaids;
  const vehicle = await play(
    { role: 'eMSP', name: 'fetch vehicle', text: "fetches the car's certificate by its PCID" },
    () => client.emsp.fetchVehicle(pcid, { edition }),
  );
  if (mode === 'sign') await signContract({ pcid, emaid: first }, vehicle, client, surroundings, play);
  else await generateContract({ pcid, emaid: first }, client, surroundings, play);
  for (const emaid of others) await generateContract({ pcid, emaid }, client, surroundings, play);
  await lookUp({ pcid, emaids }, client, surroundings, play);
}

interface Contract {
  readonly pcid: string;
  readonly emaid: string;
}

/** The eMSP has its own keys; the CPS only vouches. */
async function signContract(
  { pcid, emaid }: Contract,
  vehicle: FetchedVehicle,
  { emsp }: LifeActors,
  { edition, curve, moCas }: EditionSurroundings,
  play: Play,
): Promise<void> {
  const { privateKey } = generateKeyPair(curve);
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
      const request = await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) });
      return await emsp.enrol(edition, request, { algorithm: curve });
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
          curve,
          vehiclePublicKey: vehicle.certificate.publicKey.point,
          contractKey: privateKey,
          pcid,
          contractSki: contractCertificate.subjectKeyIdentifier,
        }),
      }),
  );
}

async function generateContract(
  { pcid, emaid }: Contract,
  { emsp }: LifeActors,
  { edition }: EditionSurroundings,
  play: Play,
): Promise<void> {
  const { generateAndSign } = emsp;
  if (generateAndSign === undefined) throw new NotAsItMustBe('the dialect has no operation that generates contracts');
  await play(
    {
      role: 'eMSP',
      name: 'generate contract',
      text: `has the ecosystem make the contract ${emaid}, seal its key and sign it`,
    },
    () => {
      const now = Date.now();
      // A little in the past: clocks differ, and the car shall charge at once.
      return generateAndSign({ edition, emaid, pcid, begins: now - day, ends: now + 365 * day });
    },
  );
}

async function lookUp(
  { pcid, emaids }: Identifiers,
  { emsp }: LifeActors,
  { edition }: EditionSurroundings,
  play: Play,
): Promise<void> {
  const { contractsByEmaid } = emsp;
  if (contractsByEmaid === undefined) return;
  const [what, by] = emaids.length === 1 ? ['the contract', 'its EMAID'] : ['the contracts', 'their EMAIDs'];
  await play({ role: 'eMSP', name: 'look up contract', text: `looks ${what} up by ${by}` }, async () => {
    for (const emaid of emaids) {
      const contracts = await contractsByEmaid(emaid, { edition });
      if (!contracts.some((contract) => contract.pcid === pcid)) {
        throw new NotAsItMustBe(`the pool has ${contracts.length} contracts for ${emaid}, and none for ${pcid}`);
      }
    }
  });
}
