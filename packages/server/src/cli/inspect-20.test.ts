import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CertificateInstallationReq20,
  type CertificateInstallationRes20,
  decode,
  encodeFragment,
  iso15118_20Common,
  type SignedInfo,
  xmldsig,
} from '@plugpool/exi';
import { toPem } from '@plugpool/iso15118';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vectorsIn } from '../../../exi/test/vectors.ts';
import { inspectCommand } from '../../test/inspect-command.ts';
import { inspected } from '../../test/inspected.ts';
import {
  type Curve20,
  emaid,
  encoded,
  type Parties20,
  parties20,
  pcid,
  requestOf,
  responseOf,
} from '../../test/messages-20.ts';
import { mutated, mutations } from '../../test/mutations.ts';
import { inspectionJson } from './inspection/inspection-json.ts';

let p521: Parties20;
let ed448: Parties20;
let request: CertificateInstallationReq20;
let response: CertificateInstallationRes20;

beforeAll(async () => {
  [p521, ed448] = await Promise.all([parties20('secp521r1'), parties20('ed448')]);
  request = await requestOf(p521);
  response = await responseOf(p521);
});

const partiesOn = (curve: Curve20) => (curve === 'ed448' ? ed448 : p521);
const reqExi = (changes: Partial<CertificateInstallationReq20> = {}) =>
  encoded({ CertificateInstallationReq: { ...request, ...changes } });
const resExi = (changes: Partial<CertificateInstallationRes20> = {}) =>
  encoded({ CertificateInstallationRes: { ...response, ...changes } });

describe.each(['secp521r1', 'ed448'] as const)('certificate installation on %s', (curve) => {
  const roots = () => {
    const { oem, cps, contract } = partiesOn(curve);
    return [oem, cps, contract].map(({ root }) => root.certificate);
  };

  test('a request: signed by the leaf of its own chain, nothing wrong', async () => {
    const exi = encoded({ CertificateInstallationReq: await requestOf(partiesOn(curve)) });
    const result = inspected(exi, { roots: roots() });
    expect(inspectionJson(result)).toMatchObject({
      schema: 'iso15118-20-common',
      kind: 'document',
      message: { CertificateInstallationReq: { MaximumContractCertificateChains: 2 } },
      signature: {
        valid: true,
        signedInfoGrammar: 'xmldsig',
        signer: `CN=${pcid}, DC=OEM, O=Own PKI, C=DE`,
        references: [{ uri: '#id1', element: 'OEMProvisioningCertificateChain', valid: true, encoding: 'exi' }],
      },
      chains: [
        {
          element: 'OEMProvisioningCertificateChain',
          root: 'CN=OEM Root, DC=V2G, O=Own PKI, C=DE',
          certificates: [
            { position: 'leaf certificate', curve, validNow: true, signedByIssuer: true },
            { position: 'sub CA 2 certificate', signedByIssuer: true },
            { position: 'sub CA 1 certificate', signedByIssuer: true },
          ],
        },
      ],
      problems: [],
    });
  });

  test('a response: signed by the leaf of the CPS chain, with both chains and the envelope', async () => {
    const exi = encoded({ CertificateInstallationRes: await responseOf(partiesOn(curve)) });
    const result = inspected(exi, { roots: roots() });
    expect(inspectionJson(result)).toMatchObject({
      signature: {
        valid: true,
        signer: 'CN=CPS Signer, DC=CPS, O=Own PKI, C=DE',
        references: [{ element: 'SignedInstallationData', valid: true }],
      },
      chains: [
        { element: 'CPSCertificateChain', root: 'CN=CPS Root, DC=V2G, O=Own PKI, C=DE' },
        { element: 'ContractCertificateChain', root: 'CN=CONTRACT Root, DC=V2G, O=Own PKI, C=DE' },
      ],
      problems: [],
    });
    const shapes = {
      secp521r1: {
        encryptedPrivateKey: 'SECP521_EncryptedPrivateKey, 94 octets (IV 12, AES-256-GCM 66 and tag 16)',
        keyAgreement: 'ECDHCurve SECP521, DHPublicKey of 133 octets, a point on secp521r1',
      },
      ed448: {
        encryptedPrivateKey: 'X448_EncryptedPrivateKey, 84 octets (IV 12, AES-256-GCM 56 and tag 16)',
        keyAgreement: 'ECDHCurve X448, DHPublicKey of 56 octets, an X448 key as it is',
      },
    };
    expect(result.contractData).toMatchObject(shapes[curve]);
    expect(result.contractData?.contract).toMatch(`${emaid}, key on ${curve}, SKI `);
  });

  test('any damage: always an answer in both forms, and never a valid signature over other data', async () => {
    const documents = [
      encoded({ CertificateInstallationReq: await requestOf(partiesOn(curve)) }),
      encoded({ CertificateInstallationRes: await responseOf(partiesOn(curve)) }),
    ];
    const signedParts = documents.map((exi) => signedPart(exi));
    fc.assert(
      fc.property(fc.nat(1), mutations, (which, changes) => {
        const exi = mutated(documents[which] ?? new Uint8Array(), changes);
        const result = inspected(exi);
        expect(JSON.stringify(inspectionJson(result))).toContain(result.schema);
        expect(result.text).toContain('Problems');
        if (result.message === undefined) expect(result.problems).not.toHaveLength(0);
        if (result.signature?.valid === true) expect(signedParts).toContainEqual(signedPart(exi));
      }),
      { numRuns: 200 },
    );
  });
});

/** What a signature covers in an installation message of ISO 15118-20. */
function signedPart(exi: Uint8Array): unknown {
  const document = decode(iso15118_20Common, exi, { allowTrailing: true });
  if ('CertificateInstallationReq' in document)
    return document.CertificateInstallationReq.OEMProvisioningCertificateChain;
  return 'CertificateInstallationRes' in document && document.CertificateInstallationRes.SignedInstallationData;
}

describe('signatures that do not hold', () => {
  test('none at all', () => {
    const { SessionID, TimeStamp } = request.Header;
    const { signature, codes, textOf } = inspected(reqExi({ Header: { SessionID, TimeStamp } }));
    expect(signature).toBeNull();
    expect(codes).toEqual(['no-signature']);
    expect(textOf('no-signature')).toMatch('the CertificateInstallationReq is not signed; sign it');
  });

  test('a changed element', () => {
    const data = { ...response.SignedInstallationData, DHPublicKey: p521.oem.certificate.publicKey.point };
    const { signature, codes } = inspected(resExi({ SignedInstallationData: data }));
    expect(signature).toMatchObject({
      valid: false,
      references: [{ element: 'SignedInstallationData', valid: false }],
    });
    expect(codes).toEqual(['digest-mismatch']);
  });

  test('a reference to nothing, and so an element that nothing covers', () => {
    const chain = { ...request.OEMProvisioningCertificateChain, Id: 'other' };
    const { codes, signature } = inspected(reqExi({ OEMProvisioningCertificateChain: chain }));
    expect(codes).toEqual(['dangling-reference', 'element-not-signed']);
    expect(signature?.references).toMatchObject([{ uri: '#id1', element: undefined, valid: false }]);
  });

  const resigned = async (change: (info: SignedInfo) => SignedInfo, combined = false) => {
    const { Signature } = request.Header;
    if (Signature === undefined) throw new Error('not signed');
    const SignedInfo = change(Signature.SignedInfo);
    const octets = combined
      ? encodeFragment(iso15118_20Common, 'SignedInfo', SignedInfo)
      : encodeFragment(xmldsig, 'SignedInfo', SignedInfo);
    const value = await p521.oem.signer.sign(octets);
    return reqExi({ Header: { ...request.Header, Signature: { SignedInfo, SignatureValue: { value } } } });
  };

  test('two references to one element', async () => {
    const exi = await resigned((info) => ({ ...info, Reference: [...info.Reference, ...info.Reference] }));
    expect(inspected(exi).codes).toEqual(['duplicate-reference']);
  });

  test('the method of ISO 15118-2', async () => {
    const ecdsa256 = { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' };
    const { codes, textOf } = inspected(await resigned((info) => ({ ...info, SignatureMethod: ecdsa256 })));
    expect(codes).toEqual(['wrong-signature-method']);
    expect(textOf('wrong-signature-method')).toMatch(
      "xmldsig-more#ecdsa-sha512; sign with the method of the key's curve",
    );
  });

  test('SignedInfo over all schemas together is accepted and told', async () => {
    const result = inspected(await resigned((info) => info, true));
    expect(result.signature).toMatchObject({ valid: true, signedInfoGrammar: 'combined' });
    expect(result.codes).toEqual(['combined-grammar']);
  });
});

describe('vectors', () => {
  test('every message is named with its edition, and keeps its JSON', () => {
    for (const { name, exiHex, message } of vectorsIn('iso15118-20-common')) {
      const result = inspected(Buffer.from(exiHex, 'hex'));
      const [root] = Object.keys(message);
      expect({ name, json: result.message?.json, title: result.title }).toEqual({
        name,
        json: message,
        title: `${root} of ISO 15118-20`,
      });
    }
  });

  test('the three forms of an encrypted private key', () => {
    for (const { name, exiHex } of vectorsIn('iso15118-20-common').filter(({ name }) => name.startsWith('install-'))) {
      const result = inspected(Buffer.from(exiHex, 'hex'));
      expect(result.contractData?.encryptedPrivateKey).toMatch(name.slice('install-'.length));
      expect(result.codes).toEqual(expect.arrayContaining(['no-signature', 'certificate-malformed']));
    }
  });
});

describe('fragments', () => {
  test('installation data: its chain and envelope, and the digest that a signature has', async () => {
    const { SignedInstallationData: data, Header } = response;
    const result = inspected(encodeFragment(iso15118_20Common, 'SignedInstallationData', data));
    expect(result).toMatchObject({
      kind: 'fragment',
      schema: 'iso15118-20-common',
      title: 'SignedInstallationData of ISO 15118-20',
      chains: [{ element: 'ContractCertificateChain' }],
      contractData: { keyAgreement: 'ECDHCurve SECP521, DHPublicKey of 133 octets, a point on secp521r1' },
      problems: [],
    });
    const digest = Header.Signature?.SignedInfo.Reference[0]?.DigestValue ?? new Uint8Array();
    expect(result.text).toContain(`SHA512: ${Buffer.from(digest).toString('hex')}\n`);
  });

  test("a vehicle's chain", () => {
    const { OEMProvisioningCertificateChain: chain } = request;
    const result = inspected(encodeFragment(iso15118_20Common, 'OEMProvisioningCertificateChain', chain));
    expect(result.title).toBe('OEMProvisioningCertificateChain of ISO 15118-20');
    expect(result.chains[0]?.certificates).toHaveLength(3);
    expect(result.codes).toEqual([]);
  });

  test('SignedInfo: of the signature schema alone it is right, over all schemas together it is told', () => {
    const info = request.Header.Signature?.SignedInfo ?? expect.fail('not signed');
    const alone = inspected(encodeFragment(xmldsig, 'SignedInfo', info));
    expect({ schema: alone.schema, codes: alone.codes }).toEqual({ schema: 'xmldsig', codes: [] });
    const combined = inspected(encodeFragment(iso15118_20Common, 'SignedInfo', info));
    expect({ schema: combined.schema, codes: combined.codes }).toEqual({
      schema: 'iso15118-20-common',
      codes: ['combined-grammar'],
    });
  });
});

describe('text for people', () => {
  test('each line of the tree begins with its place, and times are dates', () => {
    const { text } = inspected(resExi());
    expect(text).toMatch(
      /^document of iso15118-20-common, \d+ octets of EXI\nCertificateInstallationRes of ISO 15118-20\n/,
    );
    expect(text).toContain('       1.0  CertificateInstallationRes\n       1.6    Header\n');
    expect(text).toContain('      11.2      TimeStamp: 1780315200 (2026-06-01T12:00:00Z)\n');
    expect(text).toMatch(/ {4}\d+\.\d {4}RemainingContractCertificateChains: 1 \(1 more for the car to ask for\)\n/);
    expect(text).toMatch(
      /\n {4}\d+\.\d {8}Certificate\[1\]: CN=CPS Sub 1, .* \(issued by CN=CPS Root, .*secp521r1, SKI /,
    );
  });

  test('what is broken is shown up to the fault', () => {
    const { text, codes } = inspected(reqExi().subarray(0, 900));
    expect(codes).toEqual(['truncated']);
    expect(text).toMatch(/^not decoded, 900 octets of EXI\nfurthest as document of iso15118-20-common\n/);
    expect(text).toContain('394.3      Certificate\n     396.5  reading ends here\n');
  });

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugpool-inspect-20-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the command itself, with roots: exit code 0, and 1 without the signature', async () => {
    const now = await requestOf(p521);
    const roots = join(folder, 'roots.pem');
    await writeFile(roots, toPem('CERTIFICATE', p521.oem.root.certificate.der));
    const run = (exi: Uint8Array) => inspectCommand([Buffer.from(exi).toString('base64'), '--roots', roots]);
    const good = await run(encoded({ CertificateInstallationReq: now }));
    expect(good.code).toBe(0);
    expect(good.out).toContain('    root: CN=OEM Root, DC=V2G, O=Own PKI, C=DE\n');
    const { Signature: _, ...Header } = now.Header;
    expect((await run(encoded({ CertificateInstallationReq: { ...now, Header } }))).code).toBe(1);
  });
});
