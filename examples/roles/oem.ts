/**
 * The OEM: brings a car into the ecosystem, and keeps it in a folder for the others.
 *
 *   node oem.ts URL CAR_FOLDER PCID
 */
import { SimulatedVehicle } from '@plugpool/client';
import { generateKeyPair } from '@plugpool/iso15118';
import { chainOf, saveCar } from './car-files.ts';
import { ecosystem, given } from './connection.ts';

const [url, folder, pcid] = process.argv.slice(2);
const { anyone, oem } = ecosystem(url);
const edition = 'ISO15118-2';

// Trust anchors and key are built into the car in the factory.
const roots = await anyone.roots({ type: 'V2G' });
const keyPair = generateKeyPair('secp256r1');
const car = new SimulatedVehicle({
  pcid: given(pcid, 'PCID'),
  v2gRoots: roots.map(({ certificate }) => certificate).filter(({ publicKey }) => publicKey.curve === 'secp256r1'),
  keyPairs: [keyPair],
});

// The provisioning certificate, by EST.
const certificate = await oem.enrol(edition, await car.certificateRequest('Example OEM'));
const authorities = await anyone.caCertificates({ caDomain: 'oem', edition });
car.installProvisioning(chainOf([certificate, ...authorities]));

// From now on every eMSP finds the car. Publishing twice does no harm, so the call may be repeated.
await oem.publishVehicle({ edition, ...car.provisioningChain }, { repeatable: true });
saveCar(given(folder, 'CAR_FOLDER'), car, keyPair);
console.log(`published ${car.pcid}, known: ${await oem.lookupVehicle(car.pcid)}`);
