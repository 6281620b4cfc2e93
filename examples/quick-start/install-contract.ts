/**
 * The car, with the answer: trusts it only if a CPS under its own V2G root signed it, decrypts the contract's private
 * key, and writes it to a file.
 *
 *   node install-contract.ts VEHICLE_KEY V2G_ROOT REQUEST_JSON ANSWER_JSON INSTALLED_KEY
 *
 * The two JSON files are the body and the answer of `POST /ccp/signedContractData`.
 */
import { verifyInstallationRes } from '@plugpool/client';
import { decode, iso15118_2 } from '@plugpool/exi';
import { commonNameOf, openContractKey } from '@plugpool/iso15118';
import { certificateIn, octetsIn, privateKeyIn, writePrivateKey } from './files.ts';

const [vehicleKey, v2gRoot, requestJson, answerJson, installedKey] = process.argv.slice(2);
const request = octetsIn(requestJson, 'certificateInstallationReq');
// One entry for each contract of the car, the default one first.
const answer = octetsIn(answerJson, 'CCPResponse', 'emaidContent', 0, 'messageDef', 'certificateInstallationRes');

// Throws unless the session is the car's, the CPS is under the root, and all four signed elements are as signed.
const contract = verifyInstallationRes(answer, {
  sessionId: decode(iso15118_2, request).V2G_Message?.Header.SessionID,
  v2gRoots: [certificateIn(v2gRoot)],
  at: Date.now(),
});
console.log(`signed by ${commonNameOf(contract.cpsCertificate.subject)}`);
console.log(`EMAID     ${contract.emaid}`);

// Throws unless what was decrypted is the key of the contract certificate [V2G2-823].
const { privateKey } = openContractKey({
  edition: 'ISO15118-2',
  curve: 'secp256r1',
  vehiclePrivateKey: privateKeyIn(vehicleKey),
  contractPublicKey: contract.contractCertificate.publicKey.point,
  encryptedPrivateKey: contract.encryptedPrivateKey,
  dhPublicKey: contract.dhPublicKey,
});
writePrivateKey(installedKey, privateKey);
