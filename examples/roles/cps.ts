/**
 * A CPS of its own: vouches for contract data with its own signature, and puts it into the pool.
 *
 *   node cps.ts URL PCID EMAID
 */
import {
  generateKeyPair,
  makeName,
  sealContractKey,
  signCertificateInstallationRes,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { chainOf } from './car-files.ts';
import { ecosystem, given } from './connection.ts';

const [url, pcidArgument, emaidArgument] = process.argv.slice(2);
const [pcid, emaid] = [given(pcidArgument, 'PCID'), given(emaidArgument, 'EMAID')];
const { anyone, emsp, cps } = ecosystem(url);
const edition = 'ISO15118-2';

/** A key pair and a chain for it, from the CA of the role. */
async function enrolled(role: 'cps' | 'emsp', commonName: string) {
  const { privateKey } = generateKeyPair('secp256r1');
  const subject = makeName([{ type: 'CN', value: commonName }]);
  const request = await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) });
  const certificate = await (role === 'cps' ? cps : emsp).enrol(edition, request);
  const authorities = await anyone.caCertificates({ caDomain: role, edition });
  return { privateKey, chain: chainOf([certificate, ...authorities]) };
}

const signer = await enrolled('cps', 'Example CPS signer');

// What an eMSP hands in: contract chain, and the key sealed for the car.
const contract = await enrolled('emsp', emaid);
const vehicle = await emsp.fetchVehicle(pcid, { edition });
const sealed = sealContractKey({
  edition,
  curve: 'secp256r1',
  vehiclePublicKey: vehicle.certificate.publicKey.point,
  contractKey: contract.privateKey,
});

// The response as the car will get it; the pool puts the car's session id into its header.
const { exi: installationRes } = await signCertificateInstallationRes({
  sessionId: Uint8Array.of(0),
  provisioningChain: signer.chain,
  contractChain: contract.chain,
  ...sealed,
  emaid,
  signer: softwareSigner(signer.privateKey),
});
await cps.addSignedContractData({ edition, emaid, pcid, installationRes });
console.log(`added ${emaid} for ${pcid}: ${installationRes.length} octets of EXI`);
