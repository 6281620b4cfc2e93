/**
 * The car, at the plug: asks for its contract with a CertificateInstallationReq, and the CPO puts that into the body of
 * `POST /ccp/signedContractData`, which is printed.
 *
 *   node request-contract.ts VEHICLE_KEY VEHICLE_CERTIFICATE V2G_ROOT
 */
import { randomBytes } from 'node:crypto';
import { namespaceOfEdition, signCertificateInstallationReq, softwareSigner } from '@plugpool/iso15118';
import { base64, certificateIn, privateKeyIn } from './files.ts';

const [vehicleKey, vehicleCertificate, v2gRoot] = process.argv.slice(2);

// EXI, signed with the key of the provisioning certificate: only the car itself can ask.
const { exi } = await signCertificateInstallationReq({
  sessionId: randomBytes(8),
  provisioningCertificate: certificateIn(vehicleCertificate),
  roots: [certificateIn(v2gRoot)],
  signer: softwareSigner(privateKeyIn(vehicleKey)),
});

const body = { certificateInstallationReq: base64(exi), xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2') };
console.log(JSON.stringify(body, null, 2));
