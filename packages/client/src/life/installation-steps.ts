/** The car at the charger: asks, gets, checks and proves; and the same through the manufacturer's own channel. */
import { randomBytes, sign, verify } from 'node:crypto';
import { algorithms, type Edition, publicKeyObject } from '@plugpool/iso15118';
import type { InstalledContract, SimulatedVehicle } from '../vehicle/simulated-vehicle.ts';
import type { LifeActors } from './actors.ts';
import type { Identifiers } from './identifiers.ts';
import { NotAsItMustBe, type Play } from './step.ts';

export interface Installation {
  /** In the order in which the car got them. */
  readonly contracts: readonly [InstalledContract, ...InstalledContract[]];
  /** EXI; one response for each contract. */
  readonly installationReq: Uint8Array;
  readonly installationRes: readonly Uint8Array[];
}

/**
 * In ISO 15118-2 the car gets the one contract there is. In ISO 15118-20 it asks for two of them, the last one first,
 * so that both the limit and its wishes are seen to count.
 */
export async function install(
  vehicle: SimulatedVehicle,
  { emaids }: Identifiers,
  edition: Edition,
  { cpo }: LifeActors,
  play: Play,
): Promise<Installation> {
  const wishes = emaids.length > 1 ? [...emaids.slice(-1), emaids[0]] : [];
  const wanted = wishes.length > 0 ? wishes : [emaids[0]];
  const several = wanted.length > 1;
  const { exi: installationReq } = await play(
    {
      role: 'car',
      name: 'request',
      text: several
        ? `plugs in and signs a CertificateInstallationReq (EXI) for ${wanted.length} contracts, ${wanted[0]} first`
        : 'plugs in and signs a CertificateInstallationReq (EXI)',
    },
    () =>
      vehicle.requestContract({
        edition,
        maximumContractCertificateChains: wanted.length,
        prioritizedEmaids: wishes,
      }),
  );
  const installationRes = await play(
    {
      role: 'CPO',
      name: 'install by request',
      text: `hands it on and gets ${several ? 'a' : 'the'} CertificateInstallationRes (EXI)${several ? ' for each' : ''}`,
    },
    async () => {
      const { responses } = await cpo.installByRequest({ edition, installationReq });
      return responses.map((response) => response.installationRes);
    },
  );
  const contracts = await play(
    {
      role: 'car',
      name: 'verify',
      text: several
        ? 'verifies the CPS and its signatures, decrypts the keys and proves them'
        : 'verifies the CPS and its signature, decrypts the key and proves it',
    },
    () => {
      const installed = installationRes.map((exi) => vehicle.installContract(exi));
      for (const contract of installed) proveKey(contract);
      checkEmaids(installed, wanted);
      return installed;
    },
  );
  const [first, ...more] = contracts;
  if (first === undefined) throw new NotAsItMustBe('there is no response for the car');
  return { contracts: [first, ...more], installationReq, installationRes };
}

/** Whoever holds the key can sign what the contract certificate verifies. */
function proveKey({ key, contractCertificate }: InstalledContract): void {
  if (!key.proven) throw new NotAsItMustBe(key.why);
  const { signatureHash } = algorithms[contractCertificate.publicKey.curve];
  const challenge = randomBytes(32);
  const signature = sign(signatureHash, challenge, key.privateKey);
  if (!verify(signatureHash, challenge, publicKeyObject(contractCertificate), signature)) {
    throw new NotAsItMustBe('what the recovered key signs does not verify with the contract certificate');
  }
}

function checkEmaids(installed: readonly InstalledContract[], wanted: readonly string[]): void {
  const got = installed.map(({ emaid }) => emaid).join(', ');
  const expected = wanted.join(', ');
  if (got !== expected) throw new NotAsItMustBe(`the car got ${got === '' ? 'nothing' : got} instead of ${expected}`);
}

export async function provide(
  vehicle: SimulatedVehicle,
  edition: Edition,
  { contractCertificate, emaid }: InstalledContract,
  { oem }: LifeActors,
  play: Play,
): Promise<void> {
  if (oem.provide === undefined) return;
  const fetchContract = oem.provide;
  await play(
    { role: 'OEM', name: 'provide', text: 'backend fetches the same contract by EMAID and PCID, for its own channel' },
    async () => {
      const [provided] = await fetchContract({ emaid, pcid: vehicle.pcid, edition });
      if (provided === undefined) throw new NotAsItMustBe('nothing was provided to the backend of the OEM');
      const same = vehicle.installProvidedContract(provided.installationRes, { edition });
      if (same.contractCertificate.fingerprint !== contractCertificate.fingerprint) {
        throw new NotAsItMustBe('the backend of the OEM got another contract than the car');
      }
    },
  );
}
