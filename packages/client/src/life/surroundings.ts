/** What all lives share: the trust anchors that cars are built with, and the CAs of those who enrol. */
import { algorithms, type Certificate, type CurveName, type Edition } from '@plugpool/iso15118';
import type { LifeActors } from './actors.ts';
import { NotAsItMustBe, type Play, playedIn } from './step.ts';

export interface Surroundings {
  readonly editions: readonly EditionSurroundings[];
}

export interface EditionSurroundings {
  readonly edition: Edition;
  /** Of everybody's keys. Nobody generates for cars on Ed448, so a car of ISO 15118-20 is on secp521r1. */
  readonly curve: Exclude<CurveName, 'ed448'>;
  /** Trust anchors that are built into the car. */
  readonly v2gRoots: readonly Certificate[];
  readonly oemCas: readonly Certificate[];
  readonly moCas: readonly Certificate[];
}

/** As many as a request may name. */
const mostRoots = 20;

export async function gatherSurroundings(
  client: LifeActors,
  editions: readonly Edition[],
  play: Play,
): Promise<Surroundings> {
  const { anyone } = client;
  const roots = await play(
    { role: 'anyone', name: 'read roots', text: 'reads which V2G roots there are, to build them into the car' },
    () => anyone.roots({ type: 'V2G' }),
  );
  const certificates = roots.map(({ certificate }) => certificate);
  const gathered: EditionSurroundings[] = [];
  for (const edition of editions) {
    const v2gRoots = certificates.filter(({ publicKey }) => algorithms[publicKey.curve].edition === edition);
    if (v2gRoots.length === 0) throw new NotAsItMustBe(`the ecosystem has no V2G root for ${edition}`);
    const playHere = editions.length === 1 ? play : playedIn(edition, play);
    gathered.push(await gatherFor(edition, v2gRoots.slice(0, mostRoots), client, playHere));
  }
  return { editions: gathered };
}

async function gatherFor(
  edition: Edition,
  v2gRoots: readonly Certificate[],
  { anyone }: LifeActors,
  play: Play,
): Promise<EditionSurroundings> {
  const curve = edition === 'ISO15118-2' ? 'secp256r1' : 'secp521r1';
  return {
    edition,
    curve,
    v2gRoots,
    oemCas: await play({ role: 'OEM', name: 'read OEM CAs', text: 'reads the CAs that issue to cars' }, () =>
      anyone.caCertificates({ caDomain: 'oem', edition, algorithm: curve }),
    ),
    moCas: await play({ role: 'eMSP', name: 'read MO CAs', text: 'reads the CAs that issue to contracts' }, () =>
      anyone.caCertificates({ caDomain: 'emsp', edition, algorithm: curve }),
    ),
  };
}
