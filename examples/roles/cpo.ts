/**
 * The CPO: a car is at one of its charging stations and asks for its contract. The backend hands the request on and the
 * answer back, without understanding either.
 *
 *   node cpo.ts URL CAR_FOLDER
 */
import { loadCar } from './car-files.ts';
import { ecosystem, given } from './connection.ts';

const [url, folder] = process.argv.slice(2);
const { cpo } = ecosystem(url);
const car = loadCar(given(folder, 'CAR_FOLDER'));

// At the plug: EXI, signed with the key of the provisioning certificate.
const { edition, exi: installationReq } = await car.requestContract();

const { delivered, status, responses } = await cpo.installByRequest({ edition, installationReq });
console.log(`the pool answered ${status}, ${delivered ? 'with a contract' : 'with a failure for the car'}`);

// Back at the plug: throws unless the CPS is trusted, its signature holds, and the key is that of the contract.
for (const { installationRes } of responses) {
  const { emaid, key, cpsRoot } = car.installContract(installationRes);
  console.log(`installed ${emaid}, key proven: ${key.proven}, CPS root ${cpsRoot.fingerprint}`);
}
