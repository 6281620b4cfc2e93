/** Installation requests that are not to be answered with a contract, made out of a good one. */
import {
  type CertificateInstallationReq,
  type CertificateInstallationReq20,
  decode,
  encode,
  encodeFragment,
  iso15118_2,
  iso15118_20Common,
  type Signature,
  type SignedInfo,
  xmldsig,
} from '@plugpool/exi';
import { algorithms, type CurveName, softwareSigner } from '@plugpool/iso15118';
import type { InvalidVector, Vector } from '../../exi/test/vectors.ts';
import { vectorsIn } from '../../exi/test/vectors.ts';
import { at } from './dialects.ts';
import type { Leaf } from './roles.ts';

interface Changes<Request> {
  readonly signature?: Signature | undefined;
  readonly request?: Partial<Request>;
}

/** How the requests of an edition are taken apart and put together again. */
export interface RequestForm<Request> {
  read(exi: Uint8Array): { readonly signature: Signature | undefined; readonly request: Request };
  /** The request with something else in it, under the signature that it has. */
  changed(exi: Uint8Array, changes: Changes<Request>): Uint8Array;
}

export const iso2Requests: RequestForm<CertificateInstallationReq> = {
  read(exi) {
    const { Header, request } = messageIn(exi);
    return { signature: Header.Signature, request };
  },
  changed(exi, changes) {
    const { Header, request } = messageIn(exi);
    const { Signature, SessionID } = Header;
    const signature = 'signature' in changes ? changes.signature : Signature;
    return encode(iso15118_2, {
      V2G_Message: {
        Header: { SessionID, ...(signature && { Signature: signature }) },
        Body: { CertificateInstallationReq: { ...request, ...changes.request } },
      },
    });
  },
};

export const iso20Requests: RequestForm<CertificateInstallationReq20> = {
  read(exi) {
    const { CertificateInstallationReq: request } = decode(iso15118_20Common, exi);
    if (request === undefined) throw new Error('not the request');
    return { signature: request.Header.Signature, request };
  },
  changed(exi, changes) {
    const { request } = this.read(exi);
    const { Signature, ...header } = request.Header;
    const signature = 'signature' in changes ? changes.signature : Signature;
    return encode(iso15118_20Common, {
      CertificateInstallationReq: {
        ...request,
        Header: { ...header, ...(signature && { Signature: signature }) },
        ...changes.request,
      },
    });
  },
};

function messageIn(exi: Uint8Array) {
  const { V2G_Message: message } = decode(iso15118_2, exi);
  if (message === undefined || !('CertificateInstallationReq' in message.Body)) throw new Error('not the request');
  return { Header: message.Header, request: message.Body.CertificateInstallationReq };
}

export function signatureOf(exi: Uint8Array, form: Pick<RequestForm<unknown>, 'read'> = iso2Requests): Signature {
  const { signature } = form.read(exi);
  if (signature === undefined) throw new Error('not signed');
  return signature;
}

/** Signature values that are wrong in one way each. */
export function brokenValues<R>(exi: Uint8Array, form: RequestForm<R>): [string, Uint8Array][] {
  const signature = signatureOf(exi, form);
  const { SignatureValue } = signature;
  const flipped = SignatureValue.value.slice();
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  const values: [string, Uint8Array][] = [
    ['a bit flipped', flipped],
    ['no octets', new Uint8Array(0)],
    ['zeros', new Uint8Array(flipped.length)],
    ['ones', new Uint8Array(flipped.length).fill(0xff)],
    ['an octet less', flipped.subarray(1)],
    ['an octet more', Uint8Array.of(0, ...SignatureValue.value)],
    ['DER in place of r‖s', new Uint8Array(71).fill(0x30)],
    ['64 KiB less one', new Uint8Array(65_535)],
  ];
  return values.map(([title, value]) => [
    title,
    form.changed(exi, { signature: { ...signature, SignatureValue: { ...SignatureValue, value } } }),
  ]);
}

/** Signatures of the car itself over a SignedInfo that is wrong in one way each. */
export async function brokenInfos<R>(
  exi: Uint8Array,
  car: Pick<Leaf, 'key'>,
  form: RequestForm<R>,
): Promise<[string, Uint8Array][]> {
  const { SignedInfo: info } = signatureOf(exi, form);
  const [reference] = info.Reference;
  if (reference === undefined) throw new Error('no reference');
  const { URI: _, ...unnamed } = reference;
  const { Transforms: __, ...untransformed } = reference;
  const referring = (URI: string) => ({ Reference: [{ ...reference, URI }] });
  const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
  const { length } = reference.DigestValue;
  const infos: [string, Partial<SignedInfo>][] = [
    ['another signature method', { SignatureMethod: { Algorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' } }],
    ['an HMAC length', { SignatureMethod: { ...info.SignatureMethod, HMACOutputLength: 0n } }],
    ['another canonicalization', { CanonicalizationMethod: { Algorithm: 'http://www.w3.org/TR/xml-c14n' } }],
    ['another digest', { Reference: [{ ...reference, DigestValue: new Uint8Array(length) }] }],
    ['half a digest', { Reference: [{ ...reference, DigestValue: reference.DigestValue.subarray(length / 2) }] }],
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
    ...otherAlgorithms(car.key.curve).flatMap(({ signatureUris, digests }): typeof infos => [
      ...signatureUris.map((uri): (typeof infos)[number] => [
        `signed as ${uri}`,
        { SignatureMethod: { Algorithm: uri } },
      ]),
      ...digests.map((uri): (typeof infos)[number] => [
        `digested as ${uri}`,
        { Reference: [{ ...reference, DigestMethod: { Algorithm: uri } }] },
      ]),
    ]),
  ];
  const { sign } = softwareSigner(car.key.privateKey);
  return await Promise.all(
    infos.map(async ([title, change]): Promise<[string, Uint8Array]> => {
      const SignedInfo = { ...info, ...change };
      const value = await sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
      return [title, form.changed(exi, { signature: { SignedInfo, SignatureValue: { value } } })];
    }),
  );
}

/** What other curves have and this one has not. */
function otherAlgorithms(curve: CurveName): Record<'signatureUris' | 'digests', readonly string[]>[] {
  const own = algorithms[curve];
  const others = Object.values(algorithms).filter((each) => each.curve !== curve);
  return others.map(({ signatureUris, digests }) => ({
    signatureUris,
    digests: digests.map(({ uri }) => uri).filter((uri) => own.digests.every((digest) => digest.uri !== uri)),
  }));
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

/** Streams that no codec may read stand for no message. */
type OtherVector = InvalidVector & Partial<Vector>;

/** Good messages of all schemas but the one that is wanted, and the streams that no codec may read. */
export function otherMessages(...wanted: readonly string[]): [string, Uint8Array][] {
  return ['iso15118-2', 'iso15118-20-common', 'app-protocol', 'invalid-exi'].flatMap((set) => {
    return vectorsIn<OtherVector>(set)
      .filter(({ exiHex, message }) => exiHex !== '' && at(message, ...wanted) === undefined)
      .map(({ name, exiHex }): [string, Uint8Array] => [`${set} ${name}`, Buffer.from(exiHex, 'hex')]);
  });
}
