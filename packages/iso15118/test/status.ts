/** A CA with a delegated responder, a leaf that it issued, and answers about that leaf. */
import {
  basicConstraints,
  certIdOf,
  type Extension,
  extendedKeyUsages,
  extKeyUsage,
  generateKeyPair,
  keyUsage,
  type OcspResponseContent,
  ocspNoCheck,
  type Signer,
  StatusError,
  type StatusErrorKind,
  writeOcspResponse,
} from '../src/index.ts';
import { type Issued, issue, now } from './pki.ts';

export const hour = 3_600_000;

export interface Authority {
  readonly ca: Issued;
  readonly leaf: Issued;
  readonly responder: Issued;
}

export const responderExtensions: readonly Extension[] = [
  basicConstraints(false),
  keyUsage('digitalSignature'),
  extKeyUsage(extendedKeyUsages.ocspSigning),
  ocspNoCheck(),
];

export async function makeAuthority(curve: 'secp256r1' | 'secp521r1' | 'ed448' = 'secp256r1'): Promise<Authority> {
  const ca = await issue({ curve, profile: 'root', commonName: 'V2G Root' });
  const leaf = await issue({ curve, profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: ca });
  return { ca, leaf, responder: await issueResponder(ca, responderExtensions) };
}

export async function issueResponder(ca: Issued, extensions: readonly Extension[]): Promise<Issued> {
  const { curve } = ca.certificate.publicKey;
  const keys = generateKeyPair(curve);
  return await issue({ curve, profile: 'cps', commonName: 'OCSP', issuer: ca, keys, extensions });
}

/** A good answer about the leaf by the delegated responder, except for what is given here. */
export function answerOf(
  { ca, leaf, responder }: Authority,
  content: Partial<OcspResponseContent> = {},
  signer: Signer = responder.signer,
): Promise<Uint8Array> {
  const certId = certIdOf(leaf.certificate, ca.certificate, 'sha1');
  return writeOcspResponse(
    {
      responder: { by: 'key', certificate: responder.certificate },
      producedAt: now,
      responses: [{ certId, status: 'good', thisUpdate: now - hour, nextUpdate: now + hour }],
      certificates: [responder.certificate],
      ...content,
    },
    signer,
  );
}

/** Of the error about a status that the action ends with; other errors pass. */
export function kindOf(action: () => unknown): StatusErrorKind | 'no error' {
  try {
    action();
    return 'no error';
  } catch (error) {
    if (error instanceof StatusError) return error.kind;
    throw error;
  }
}
