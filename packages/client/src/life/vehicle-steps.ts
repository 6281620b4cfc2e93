/** The OEM: brings a car into the ecosystem. */
import { generateKeyPair, makeName, softwareSigner, writeCertificateRequest } from '@plugpool/iso15118';
import type { SimulatedVehicle } from '../vehicle/simulated-vehicle.ts';
import type { LifeActors } from './actors.ts';
import { sentChain } from './issuers.ts';
import { NotAsItMustBe, type Play } from './step.ts';
import type { EditionSurroundings } from './surroundings.ts';

const organization = 'plugpool demo OEM';

export async function provision(
  vehicle: SimulatedVehicle,
  { oem }: LifeActors,
  surroundings: EditionSurroundings,
  play: Play,
): Promise<void> {
  const { edition, curve, oemCas, v2gRoots } = surroundings;
  await play(
    { role: 'OEM', name: 'enrol vehicle', text: "makes the car's key pair and has its certificate issued (EST)" },
    async () => {
      const request = await vehicle.certificateRequest(organization, edition);
      const certificate = await oem.enrol(edition, request, { algorithm: curve });
      vehicle.installProvisioning(sentChain(certificate, oemCas));
    },
  );
  if (edition === 'ISO15118-20') await enrolForTls(vehicle.pcid, oem, surroundings, play);
  await play({ role: 'OEM', name: 'publish vehicle', text: 'publishes the car in the provisioning pool' }, () =>
    oem.publishVehicle({
      edition,
      ...vehicle.provisioningChainOf(edition),
      v2gRootKeyIdentifiers: v2gRoots.flatMap(({ subjectKeyIdentifier: ski }) => (ski === undefined ? [] : [ski])),
    }),
  );
}

/** A car of ISO 15118-20 shows a certificate when it opens the connection; the pools have nothing to do with it. */
async function enrolForTls(
  pcid: string,
  oem: LifeActors['oem'],
  { curve }: EditionSurroundings,
  play: Play,
): Promise<void> {
  await play(
    { role: 'OEM', name: 'enrol for TLS', text: 'has the certificate issued that the car shows in TLS (EST, veh)' },
    async () => {
      const { privateKey, spki } = generateKeyPair(curve);
      const subject = makeName([
        { type: 'O', value: organization },
        { type: 'DC', value: 'VEH' },
        { type: 'CN', value: pcid },
      ]);
      const request = await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) });
      const { publicKey } = await oem.enrolForTls(request, { algorithm: curve });
      if (Buffer.compare(publicKey.spki, spki) !== 0) throw new NotAsItMustBe('the certificate is for another key');
    },
  );
}
