/**
 * The eMSP: makes a contract for one car, with a key of its own; the CPS vouches for it and the pool keeps it.
 *
 *   node emsp.ts URL PCID EMAID
 *
 * An eMSP without a PKI has the ecosystem do all of it: `emsp.generateAndSign({ edition, emaid, pcid, begins, ends })`.
 */
import {
  generateKeyPair,
  makeName,
  sealContractKey,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { chainOf } from './car-files.ts';
import { ecosystem, given } from './connection.ts';

const [url, pcidArgument, emaidArgument] = process.argv.slice(2);
const [pcid, emaid] = [given(pcidArgument, 'PCID'), given(emaidArgument, 'EMAID')];
const { anyone, emsp } = ecosystem(url);
const edition = 'ISO15118-2';

const vehicle = await emsp.fetchVehicle(pcid, { edition });

// Contract key and certificate.
const { privateKey } = generateKeyPair('secp256r1');
const subject = makeName([
  { type: 'O', value: 'Example eMSP' },
  { type: 'CN', value: emaid },
]);
const request = await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) });
const certificate = await emsp.enrol(edition, request);
const authorities = await anyone.caCertificates({ caDomain: 'emsp', edition });
const contractChain = chainOf([certificate, ...authorities]);

// The private key, sealed so that this one car can open it.
const sealed = sealContractKey({
  edition,
  curve: 'secp256r1',
  vehiclePublicKey: vehicle.certificate.publicKey.point,
  contractKey: privateKey,
});
const signed = await emsp.signContractData({ edition, emaid, pcid, contractChain, ...sealed });
console.log(`signed ${signed.emaid} for ${signed.pcid} under ${signed.cpsRootName}`);

for (const contract of await emsp.contractsByEmaid(emaid)) {
  console.log(`in the pool: ${contract.emaid}, default: ${contract.isDefault}`);
}
