/** The life of a contract as all who take part in it see it: named steps, over HTTP only. */
import { type Certificate, type Edition, generateKeyPair } from '@plugpool/iso15118';
import { SimulatedVehicle } from '../vehicle/simulated-vehicle.ts';
import type { LifeActors } from './actors.ts';
import { type Mode, makeContracts } from './contract-steps.ts';
import type { Identifiers } from './identifiers.ts';
import { type Installation, install, provide } from './installation-steps.ts';
import { subCasOf } from './issuers.ts';
import { type Play, playedIn } from './step.ts';
import type { EditionSurroundings, Surroundings } from './surroundings.ts';
import { provision } from './vehicle-steps.ts';

/** What a life leaves behind in one edition. */
export interface Outcome extends Installation {
  readonly edition: Edition;
  readonly vehicleCertificate: Certificate;
  /** The nearest first, without the root. */
  readonly vehicleSubCas: readonly Certificate[];
}

/**
 * Plays the editions of the surroundings one after the other, for one car.
 * @throws what a step throws, or `NotAsItMustBe`
 */
export async function playLife(
  client: LifeActors,
  { editions }: Surroundings,
  { mode, ...identifiers }: Identifiers & { readonly mode: Mode },
  play: Play,
): Promise<Outcome[]> {
  const vehicle = new SimulatedVehicle({
    pcid: identifiers.pcid,
    v2gRoots: editions.flatMap(({ v2gRoots }) => v2gRoots),
    keyPairs: editions.map(({ curve }) => generateKeyPair(curve)),
  });
  const outcomes: Outcome[] = [];
  for (const surroundings of editions) {
    const playHere = editions.length === 1 ? play : playedIn(surroundings.edition, play);
    outcomes.push(await playEdition(vehicle, client, surroundings, { mode, ...identifiers }, playHere));
  }
  return outcomes;
}

async function playEdition(
  vehicle: SimulatedVehicle,
  client: LifeActors,
  surroundings: EditionSurroundings,
  { mode, pcid, emaids }: Identifiers & { readonly mode: Mode },
  play: Play,
): Promise<Outcome> {
  const { edition, oemCas } = surroundings;
  const identifiers: Identifiers = { pcid, emaids: edition === 'ISO15118-2' ? [emaids[0]] : emaids };
  await provision(vehicle, client, surroundings, play);
  await makeContracts(identifiers, mode, client, surroundings, play);
  const installation = await install(vehicle, identifiers, edition, client, play);
  await provide(vehicle, edition, installation.contracts[0], client, play);
  const { certificate: vehicleCertificate } = vehicle.provisioningChainOf(edition);
  const vehicleSubCas = subCasOf(vehicleCertificate, oemCas);
  return { edition, ...installation, vehicleCertificate, vehicleSubCas };
}
