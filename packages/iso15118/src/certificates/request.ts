import { verify } from 'node:crypto';
import { algorithms, type CurveName } from '../algorithms.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, tags } from '../der/tags.ts';
import { bitString, encodeDer, oid, raw, sequence, setOf, tagged, unsignedInteger } from '../der/writer.ts';
import type { PublicKey } from './certificate.ts';
import { CertificateError, readingDer } from './certificate-error.ts';
import { type Extension, extensionList } from './extensions.ts';
import { type Extensions, readExtensions } from './extensions-read.ts';
import { type Name, readName } from './name.ts';
import { keyFromSpki, readPublicKey } from './public-key.ts';
import { readSignatureAlgorithm } from './read.ts';
import { type Signer, signatureAlgorithmOf, signForX509 } from './signer.ts';

export interface CertificateRequest {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  /** What the request asks for (RFC 2985 §5.4.2); the issuer decides. `undefined` when it asks for nothing. */
  readonly extensions: Extensions | undefined;
}

const extensionRequest = '1.2.840.113549.1.9.14';
const attributesTag = contextConstructed(0);

/**
 * Reads a PKCS #10 request (RFC 2986) and checks that it is signed with its own key.
 * @param der exactly one request; octets behind it are refused
 * @throws CertificateError; `bad-request-signature` when the signature does not hold
 */
export function readCertificateRequest(der: Uint8Array): CertificateRequest {
  return readingDer(() => {
    const outer = new DerReader(der.length > 65_536 ? der : Uint8Array.from(der));
    const request = outer.enter(tags.sequence, 'certificate request');
    outer.finish('the certificate request');
    const infoElement = request.next(tags.sequence, 'certificationRequestInfo');
    const algorithm = readSignatureAlgorithm(request, 'signatureAlgorithm');
    const signature = request.readOctetAlignedBits('signature');
    request.finish('the signature');
    const info = readInfo(request.within(infoElement));
    const digest = digestOfProof(info.publicKey.curve, algorithm);
    if (!verify(digest, request.whole(infoElement), keyFromSpki(info.publicKey.spki), signature)) {
      throw new CertificateError('bad-request-signature', 'the request is not signed with the key that it asks for');
    }
    return { der: outer.bytes, ...info };
  });
}

/** ecdsa-with-SHA256, -SHA384, -SHA512 (RFC 5758 §3.2). */
const digestsOfEcdsa: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);

/**
 * A request is signed to prove that its sender has the key; with which SHA-2 is up to the sender's tools, which often
 * take SHA-256 for any curve. What is issued says nothing of it.
 */
function digestOfProof(curve: CurveName, { oid, name }: { oid: string; name: string }): string | null {
  const { signatureOid, signatureName, signatureHash } = algorithms[curve];
  if (oid === signatureOid) return signatureHash;
  const digest = signatureHash === null ? undefined : digestsOfEcdsa.get(oid);
  if (digest !== undefined) return digest;
  const text = `the request has a key on ${curve} and is signed with ${name}, where ${signatureName} is expected`;
  throw new CertificateError('bad-request-signature', text);
}

function readInfo(info: DerReader): Omit<CertificateRequest, 'der'> {
  if (info.readSmallInteger('version') !== 0) {
    throw new CertificateError('unsupported-version', 'certificate request is not of version 1');
  }
  const subject = readName(info, 'subject');
  const publicKey = readPublicKey(info);
  // Some tools leave the attributes out although RFC 2986 §4.1 does not make them optional.
  const extensions = info.done ? undefined : readAttributes(info.enter(attributesTag, 'attributes'));
  info.finish('the attributes');
  return { subject, publicKey, extensions };
}

function readAttributes(attributes: DerReader): Extensions | undefined {
  let extensions: Extensions | undefined;
  while (!attributes.done) {
    const start = attributes.position;
    const attribute = attributes.enter(tags.sequence, 'attribute');
    const type = attribute.readOid('attribute');
    const values = attribute.enter(tags.set, 'attribute values');
    attribute.finish('the attribute');
    if (type === extensionRequest) {
      if (extensions !== undefined) {
        throw new CertificateError('duplicate-extension', 'the request asks for extensions twice', start);
      }
      extensions = readExtensions(values.enter(tags.sequence, 'extension request'));
      values.finish('the extension request');
    }
  }
  return extensions;
}

/**
 * Makes a PKCS #10 request for the signer's key.
 * @returns DER
 */
export async function writeCertificateRequest(request: {
  readonly subject: Name;
  readonly signer: Signer;
  readonly extensions?: readonly Extension[];
}): Promise<Uint8Array> {
  const { subject, signer, extensions = [] } = request;
  const attributes = extensions.length === 0 ? [] : [sequence(oid(extensionRequest), setOf(extensionList(extensions)))];
  const info = encodeDer(
    sequence(unsignedInteger(0), raw(subject.der), raw(signer.publicKey.spki), tagged(attributesTag, ...attributes)),
  );
  const signature = await signForX509(signer, info);
  return encodeDer(sequence(raw(info), signatureAlgorithmOf(signer.curve), bitString(signature)));
}
