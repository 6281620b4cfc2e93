import type { FoundCertificate, Inspection } from '@plugpool/iso15118';
import { formatName } from '@plugpool/iso15118';

/** The object that `inspect --json` prints. `message` is `null` when nothing could be decoded. */
export function inspectionJson({ schema, kind, message, signature, chains, problems }: Inspection) {
  return {
    schema,
    kind,
    message: message?.json ?? null,
    signature: signature && {
      valid: signature.valid,
      signedInfoGrammar: signature.signedInfoGrammar,
      signer: signature.signer && formatName(signature.signer.subject),
      references: signature.references.map(({ uri, element, valid, encoding }) => ({
        uri,
        element: element ?? null,
        valid,
        encoding,
      })),
    },
    chains: chains.map(({ element, certificates, root }) => ({
      element,
      certificates: certificates.map(certificateJson),
      root: root && formatName(root.subject),
    })),
    problems,
  };
}

function certificateJson({ position, certificate, validNow, signedByIssuer }: FoundCertificate) {
  const { subject, issuer, serialHex, notBefore, notAfter, publicKey, subjectKeyIdentifier, fingerprint } = certificate;
  return {
    position,
    subject: formatName(subject),
    issuer: formatName(issuer),
    serialNumber: serialHex,
    validFrom: new Date(notBefore).toISOString(),
    validTo: new Date(notAfter).toISOString(),
    validNow,
    curve: publicKey.curve,
    subjectKeyIdentifier: subjectKeyIdentifier === undefined ? null : Buffer.from(subjectKeyIdentifier).toString('hex'),
    fingerprint,
    signedByIssuer,
  };
}
