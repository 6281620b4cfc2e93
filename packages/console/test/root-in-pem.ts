/** A root of the test's own. */
import {
  basicConstraints,
  generateKeyPair,
  keyIdentifierOf,
  keyUsage,
  makeName,
  randomSerialNumber,
  ski,
  softwareSigner,
  toPem,
  writeCertificate,
} from '@plugpool/iso15118';

export async function rootInPem(commonName: string): Promise<string> {
  const key = generateKeyPair('secp256r1');
  const signer = softwareSigner(key.privateKey);
  const name = makeName([{ type: 'CN', value: commonName }]);
  const content = {
    serialNumber: randomSerialNumber(),
    subject: name,
    issuer: name,
    notBefore: Date.now() - 60_000,
    notAfter: Date.now() + 86_400_000,
    spki: key.spki,
    extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign'), ski(keyIdentifierOf(key))],
  };
  return toPem('CERTIFICATE', await writeCertificate(content, signer));
}
