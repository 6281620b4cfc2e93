/**
 * The eMSP, before its contract data is signed: encrypts the contract's private key for the one vehicle that may have
 * it, and prints the body of `PUT /cps/forward/signedContractData`.
 *
 *   node seal-contract-key.ts VEHICLE_JSON CONTRACT_KEY CONTRACT_CERTIFICATE MO_CHAIN
 *
 * VEHICLE_JSON is the answer of `GET /oem/provCerts/{pcid}`; the others are PEM, the chain from sub CA 2 upwards.
 */
import { commonNameOf, namespaceOfEdition, readCertificate, sealContractKey } from '@plugpool/iso15118';
import { base64, certificateIn, octetsIn, privateKeyIn } from './files.ts';

const [vehicleJson, contractKey, contractCertificate, moChain] = process.argv.slice(2);
const vehicle = readCertificate(octetsIn(vehicleJson, 'OEMMessage', 'vehicleCertificate'));
const contract = certificateIn(contractCertificate);
const subCa2 = certificateIn(moChain, 1);
const subCa1 = certificateIn(moChain, 2);

// A fresh key pair agrees with the vehicle's key on an AES key [V2G2-818]; IV and encrypted scalar are 48 octets.
const { encryptedPrivateKey, dhPublicKey } = sealContractKey({
  edition: 'ISO15118-2',
  curve: 'secp256r1',
  vehiclePublicKey: vehicle.publicKey.point,
  contractKey: privateKeyIn(contractKey),
});

const body = {
  xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2'),
  pcid: commonNameOf(vehicle.subject),
  contractData: {
    emaid: commonNameOf(contract.subject),
    contractSignatureCertChain: {
      contractSignatureCertChainSubCertificates: [base64(subCa2.der), base64(subCa1.der)],
      contractSignatureCertChainCertificate: base64(contract.der),
    },
    contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
    dHpublickey: base64(dhPublicKey),
  },
};
console.log(JSON.stringify(body, null, 2));
