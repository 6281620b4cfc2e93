/** Installation requests that are not to be answered with a contract, made out of a good one. */
import { readFileSync } from 'node:fs';
import {
  type CertificateInstallationReq,
  decode,
  encode,
  encodeFragment,
  iso15118_2,
  type Signature,
  type SignedInfo,
  xmldsig,
} from '@plugpool/exi';
import { softwareSigner } from '@plugpool/iso15118';
import { at } from './dialects.ts';
import type { Car } from './operations.ts';

interface Changes {
  readonly signature?: Signature | undefined;
  readonly request?: Partial<CertificateInstallationReq>;
}

/** The request with something else in it, under the signature that it has. */
export function changed(exi: Uint8Array, changes: Changes): Uint8Array {
  const { Header, request } = read(exi);
  const { Signature, SessionID } = Header;
  const signature = 'signature' in changes ? changes.signature : Signature;
  return encode(iso15118_2, {
    V2G_Message: {
      Header: { SessionID, ...(signature && { Signature: signature }) },
      Body: { CertificateInstallationReq: { ...request, ...changes.request } },
    },
  });
}

function read(exi: Uint8Array) {
  const { V2G_Message: message } = decode(iso15118_2, exi);
  if (message === undefined || !('CertificateInstallationReq' in message.Body)) throw new Error('not the request');
  return { Header: message.Header, request: message.Body.CertificateInstallationReq };
}

export function signatureOf(exi: Uint8Array): Signature {
  const { Signature } = read(exi).Header;
  if (Signature === undefined) throw new Error('not signed');
  return Signature;
}

/** Signature values that are wrong in one way each. */
export function brokenValues(exi: Uint8Array): [string, Uint8Array][] {
  const signature = signatureOf(exi);
  const { SignatureValue } = signature;
  const flipped = SignatureValue.value.slice();
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  const values: [string, Uint8Array][] = [
    ['a bit flipped', flipped],
    ['no octets', new Uint8Array(0)],
    ['zeros', new Uint8Array(64)],
    ['ones', new Uint8Array(64).fill(0xff)],
    ['DER in place of r‖s', new Uint8Array(71).fill(0x30)],
    ['64 KiB less one', new Uint8Array(65_535)],
  ];
  return values.map(([title, value]) => [
    title,
    changed(exi, { signature: { ...signature, SignatureValue: { ...SignatureValue, value } } }),
  ]);
}

/** Signatures of the car itself over a SignedInfo that is wrong in one way each. */
export async function brokenInfos(exi: Uint8Array, car: Car): Promise<[string, Uint8Array][]> {
  const { SignedInfo: info } = signatureOf(exi);
  const [reference] = info.Reference;
  if (reference === undefined) throw new Error('no reference');
  const { URI: _, ...unnamed } = reference;
  const { Transforms: __, ...untransformed } = reference;
  const referring = (URI: string) => ({ Reference: [{ ...reference, URI }] });
  const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
  const infos: [string, Partial<SignedInfo>][] = [
    ['another signature method', { SignatureMethod: { Algorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' } }],
    ['an HMAC length', { SignatureMethod: { ...info.SignatureMethod, HMACOutputLength: 0n } }],
    ['another canonicalization', { CanonicalizationMethod: { Algorithm: 'http://www.w3.org/TR/xml-c14n' } }],
    ['another digest', { Reference: [{ ...reference, DigestValue: new Uint8Array(32) }] }],
    ['an empty digest', { Reference: [{ ...reference, DigestValue: new Uint8Array(0) }] }],
    ['another digest method', { Reference: [{ ...reference, DigestMethod: { Algorithm: sha1 } }] }],
    ['no transform', { Reference: [untransformed] }],
    ['another transform', { Reference: [{ ...reference, Transforms: { Transform: [{ Algorithm: sha1 }] } }] }],
    ['no URI', { Reference: [unnamed] }],
    ['an empty URI', referring('')],
    ['a URI of something else', referring('#id2')],
    ['a URI of a file', referring('file:///etc/passwd')],
    ['a URI of 10,000 characters', referring(`#${'é'.repeat(10_000)}`)],
    ['a URI of control characters', referring('#\u0001\u0000\ufffe')],
    // What is said of it is cut to 64 characters for the car, in one of these in the middle of a character.
    ['a URI of characters of two halves', referring(`#${'😀'.repeat(18)}`)],
    ['a URI of characters of two halves, moved by one', referring(`#-${'😀'.repeat(18)}`)],
    ['two references to one element', { Reference: [reference, reference] }],
    ['many references', { Reference: Array.from({ length: 300 }, () => reference) }],
  ];
  const { sign } = softwareSigner(car.key.privateKey);
  return await Promise.all(
    infos.map(async ([title, change]): Promise<[string, Uint8Array]> => {
      const SignedInfo = { ...info, ...change };
      const value = await sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
      return [title, changed(exi, { signature: { SignedInfo, SignatureValue: { value } } })];
    }),
  );
}

/** Octets around the good request that are none. */
export function noRequests(exi: Uint8Array): [string, Uint8Array][] {
  const cuts = Array.from({ length: exi.length }, (_, length) => length).filter(
    (length) => length > 0 && (length % 9 === 0 || length < 20 || length > exi.length - 20),
  );
  return [
    ...cuts.map((length): [string, Uint8Array] => [`cut to ${length}`, exi.subarray(0, length)]),
    ['an octet behind', Buffer.concat([exi, Uint8Array.of(0)])],
    ['itself behind', Buffer.concat([exi, exi])],
    ['150 KiB behind', Buffer.concat([exi, new Uint8Array(150 * 1024)])],
    ['150 KiB of zeros', new Uint8Array(150 * 1024)],
    ['150 KiB of ones', new Uint8Array(150 * 1024).fill(0xff)],
    ['150 KiB behind a header', Buffer.concat([exi.subarray(0, 2), new Uint8Array(150 * 1024).fill(0x98)])],
    ['another header', Uint8Array.of(0xa0, ...exi.subarray(1))],
    ['an EXI cookie in front', Uint8Array.of(0x24, 0x45, 0x58, 0x49, ...exi)],
    ['XML', Buffer.from('<V2G_Message/>')],
    ['base64 of base64', Buffer.from(Buffer.from(exi).toString('base64'))],
  ];
}

interface Vector {
  readonly name: string;
  readonly exiHex: string;
  readonly message?: unknown;
}

/** Good messages of all schemas but the one that is wanted, and the streams that no codec may read. */
export function otherMessages(): [string, Uint8Array][] {
  return ['iso15118-2', 'iso15118-20-common', 'app-protocol', 'invalid-exi'].flatMap((set) => {
    const file = new URL(`../../exi/test/vectors/${set}.json`, import.meta.url);
    const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8')).vectors;
    return vectors
      .filter(
        ({ exiHex, message }) => exiHex !== '' && !at(message, 'V2G_Message', 'Body', 'CertificateInstallationReq'),
      )
      .map(({ name, exiHex }): [string, Uint8Array] => [`${set} ${name}`, Buffer.from(exiHex, 'hex')]);
  });
}
