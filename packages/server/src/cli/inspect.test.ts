import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  decode,
  encode,
  encodeFragment,
  type Iso15118_2Document,
  iso15118_2,
  type Signature,
  xmldsig,
} from '@plugpool/exi';
import {
  generateKeyPair,
  inspect,
  makeName,
  randomSerialNumber,
  softwareSigner,
  toPem,
  writeCertificate,
} from '@plugpool/iso15118';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from './commands.ts';
import { type MemoryIoOptions, memoryIo } from './memory-io.ts';

const vectors = new URL('../../../exi/test/vectors/', import.meta.url);
const seedFile = fileURLToPath(new URL('opnc-certificate-installation-res.exi', vectors));
const seed = readFileSync(seedFile);
/** A moment at which every certificate of the seed's response was valid. */
const seedTime = Date.UTC(2025, 0, 1);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugpool-inspect-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(argv: string[], options: MemoryIoOptions = {}) {
  const io = memoryIo(options);
  const code = await runCommandLine(['inspect', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

async function json(argv: string[], options: MemoryIoOptions = {}) {
  const { code, out } = await run([...argv, '--json'], options);
  return { code, result: JSON.parse(out) };
}

const codesOf = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);
const circumstances = { at: seedTime, roots: [], signer: undefined };
const inspectOctets = (exi: Uint8Array) => inspect({ exi, v2gtp: undefined }, circumstances);

describe("the seed's response", () => {
  test('is signed rightly, and its chains hold', async () => {
    const { code, result } = await json([seedFile]);
    expect(code).toBe(0);
    expect(result).toMatchObject({ schema: 'iso15118-2', kind: 'document' });
    expect(result.message.V2G_Message.Body.CertificateInstallationRes.eMAID).toEqual({
      Id: 'ID4',
      value: 'DEICECOPNCCERT',
    });
    const reference = (uri: string, element: string) => ({ uri, element, valid: true, encoding: 'exi' });
    expect(result.signature).toEqual({
      valid: true,
      signedInfoGrammar: 'xmldsig',
      signer: 'CN=CPS 2024.4 QA, DC=CPS, O=Hubject GmbH, C=EU',
      references: [
        reference('#ID2', 'ContractSignatureEncryptedPrivateKey'),
        reference('#ID1', 'ContractSignatureCertChain'),
        reference('#ID4', 'eMAID'),
        reference('#ID3', 'DHpublickey'),
      ],
    });
    const chain = (element: string) => ({
      element,
      root: null,
      certificates: [
        { position: 'leaf certificate', signedByIssuer: true, curve: 'secp256r1' },
        { position: 'sub CA 2 certificate', signedByIssuer: true },
        { position: 'sub CA 1 certificate', signedByIssuer: null },
      ],
    });
    expect(result.chains).toMatchObject([chain('SAProvisioningCertificateChain'), chain('ContractSignatureCertChain')]);
  });

  test('has no problem in its time, and an expired contract after it', () => {
    const at = Date.UTC(2026, 6, 2);
    const later = inspect({ exi: seed, v2gtp: undefined }, { ...circumstances, at });
    expect(codesOf(later.problems)).toContain('certificate-expired');
    expect(codesOf(inspectOctets(seed).problems)).not.toContain('certificate-expired');
  });

  test('is shown to people as a tree with certificates in words', async () => {
    const { out } = await run([seedFile]);
    expect(out).toMatch(/^document of iso15118-2, 4020 octets of EXI\nCertificateInstallationRes of ISO 15118-2\n\n/);
    expect(out).toContain('       1.0  V2G_Message\n       1.7    Header\n       2.0      SessionID: 00\n');
    expect(out).toContain(
      'Certificate[1]: CN=Prov Sub1 CA QA G1.2, O=Hubject GmbH, C=DE (issued by CN=V2G Root CA QA G1,',
    );
    expect(out).toContain('value: 9a6979333170ef05b57be78a25c33b46… (48 octets)');
    expect(out).toContain('Signature: valid\n  signer: CN=CPS 2024.4 QA');
    expect(out).toContain('#ID4 eMAID: digest holds');
    expect(out).not.toContain('\u001b');
    expect((await run([seedFile], { isTty: true })).out).toContain('\u001b[32mvalid\u001b[0m');
  });

  test('with one octet of the encrypted key changed: that reference does not hold, the others do', async () => {
    const document = decode(iso15118_2, seed);
    const key = installationResIn(document).ContractSignatureEncryptedPrivateKey.value;
    const at = Buffer.from(key);
    key[20] = (key[20] ?? 0) ^ 1;
    expect(at).not.toEqual(Buffer.from(key));
    const { code, result } = await json([Buffer.from(encode(iso15118_2, document)).toString('base64')]);
    expect(code).toBe(1);
    expect(result.signature.valid).toBe(false);
    expect(result.signature.references.map(({ valid }: { valid: boolean }) => valid)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(result.problems).toContainEqual({
      code: 'digest-mismatch',
      text: 'the digest of ContractSignatureEncryptedPrivateKey ("#ID2") does not match; the element was changed after signing, or its fragment was encoded in another way',
    });
  });

  test('with any one bit changed: an answer always, and never a valid signature over other contract data', () => {
    const signedParts = (document: Iso15118_2Document | undefined) => {
      const response = document?.V2G_Message?.Body.CertificateInstallationRes;
      return { ...response, ResponseCode: '', SAProvisioningCertificateChain: '' };
    };
    const original = signedParts(decode(iso15118_2, seed));
    fc.assert(
      fc.property(fc.nat(seed.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(seed);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const { message, signature, problems } = inspectOctets(changed);
        if (message === undefined) expect(problems).not.toHaveLength(0);
        if (signature?.valid === true) expect(signedParts(decode(iso15118_2, changed))).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });
});

function installationResIn(document: Iso15118_2Document) {
  return document.V2G_Message?.Body.CertificateInstallationRes ?? expect.fail('no CertificateInstallationRes');
}

describe('input', () => {
  const message = '8098021fafed46beaa937d9008';
  const octets = Buffer.from(message, 'hex');
  const withHeader = Buffer.concat([Buffer.from('01fe80010000000d', 'hex'), octets]);

  const forms: { name: string; argv: () => Promise<string> | string; stdin?: (string | Uint8Array)[] }[] = [
    { name: 'hexadecimal', argv: () => message },
    { name: 'upper case hexadecimal with 0x', argv: () => `0x${message.toUpperCase()}` },
    { name: 'hexadecimal with colons', argv: () => message.replaceAll(/..(?=.)/g, '$&:') },
    { name: 'base64', argv: () => octets.toString('base64') },
    { name: 'base64url without padding', argv: () => octets.toString('base64url') },
    { name: 'V2GTP', argv: () => withHeader.toString('hex') },
    { name: 'octets on standard input', argv: () => '-', stdin: [octets.subarray(0, 5), octets.subarray(5)] },
    { name: 'V2GTP octets on standard input', argv: () => '-', stdin: [withHeader] },
    { name: 'base64 in lines on standard input', argv: () => '-', stdin: ['gJgCH6/tRr\n', '6qk32QCA==\n'] },
    { name: 'hexadecimal in quotes on standard input', argv: () => '-', stdin: [`"${message}"\n`] },
    { name: 'a file of octets', argv: () => file('octets.exi', octets) },
    { name: 'a file of base64', argv: () => file('text.txt', `${octets.toString('base64')}\n`) },
  ];
  test.each(forms)('$name', async ({ argv, stdin = [] }) => {
    const { code, result } = await json([await argv()], { stdin });
    expect(code).toBe(0);
    expect(result).toEqual({
      schema: 'iso15118-2',
      kind: 'document',
      message: { V2G_Message: { Header: { SessionID: '7ebfb51afaaa4df6' }, Body: { AuthorizationReq: {} } } },
      signature: null,
      chains: [],
      problems: [],
    });
  });

  const refused: { name: string; argv: string; stdin?: string[]; text: RegExp }[] = [
    {
      name: 'neither file nor text',
      argv: 'no/such/file.exi',
      text: /"no\/such\/file.exi" is no file, no base64 and no hexa/,
    },
    { name: 'nothing', argv: '-', text: /standard input is empty/ },
    { name: 'other text', argv: '-', stdin: ['{"a": 1}'], text: /standard input holds text that is neither/ },
    { name: 'too much', argv: '-', stdin: ['A'.repeat(1_048_577)], text: /has more than 1048576 octets/ },
    { name: 'a folder', argv: tmpdir(), text: / is a folder/ },
  ];
  test.each(refused)('refused/$name', async ({ argv, stdin = [], text }) => {
    const { code, out, err } = await run([argv], { stdin });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(text);
  });

  test('a V2GTP header of another length is a problem', async () => {
    const wrong = Buffer.from(withHeader);
    wrong.writeUInt32BE(99, 4);
    const { code, result } = await json([wrong.toString('hex')]);
    expect(code).toBe(0);
    expect(result.problems).toEqual([
      {
        code: 'v2gtp-length',
        text: 'the V2GTP header announces 99 octets and 13 follow; send as many as announced',
      },
    ]);
  });

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }
});

describe('recognition', () => {
  interface Vector {
    readonly name: string;
    readonly schemaSet?: string;
    readonly message: object;
    readonly exiHex: string;
  }
  const read = (file: string): { schemaSet: string; vectors: Vector[] } =>
    JSON.parse(readFileSync(new URL(`${file}.json`, vectors), 'utf8'));

  test.each(['iso15118-2', 'iso15118-20-common', 'app-protocol', 'fragments'])('every vector of %s', (file) => {
    const { schemaSet, vectors } = read(file);
    for (const vector of vectors) {
      const { schema, kind, message, problems } = inspectOctets(Buffer.from(vector.exiHex, 'hex'));
      expect({ name: vector.name, schema, kind, message: message?.json }).toEqual({
        name: vector.name,
        schema: vector.schemaSet ?? schemaSet,
        kind: file === 'fragments' ? 'fragment' : 'document',
        message: vector.message,
      });
      expect(codesOf(problems).includes('single-type-encoding')).toBe(vector.name.endsWith('-singletype'));
    }
  });

  test('no invalid stream is taken for a CertificateInstallation message without a problem', () => {
    for (const { name, exiHex } of read('invalid-exi').vectors) {
      const { message, problems } = inspectOctets(Buffer.from(exiHex, 'hex'));
      const body = JSON.stringify(message?.json ?? {});
      if (/"V2G_Message".*"CertificateInstallationRe[qs]"/.test(body))
        expect({ name, problems }).not.toMatchObject({ problems: [] });
    }
  });

  test('what cannot be decoded: how far it went, in which schema, and where', async () => {
    const { code, result } = await json([seed.subarray(0, 500).toString('hex')]);
    expect(code).toBe(2);
    expect(result).toMatchObject({
      schema: 'iso15118-2',
      kind: 'document',
      message: null,
      signature: null,
      chains: [],
    });
    expect(result.problems).toEqual([
      {
        code: 'truncated',
        text: expect.stringMatching(
          /^as document of iso15118-2: .* in V2G_Message\/Header\/.* at bit \d+; the octets are/,
        ),
      },
    ]);
    const text = await run([seed.subarray(0, 500).toString('hex')]);
    expect(text.out).toContain('not decoded, 500 octets of EXI');
  });

  test('octets behind the message are cut off and told', async () => {
    const { code, result } = await json(['8098021fafed46beaa937d9008aabb']);
    expect(code).toBe(0);
    expect(result.message).toHaveProperty('V2G_Message');
    expect(result.problems).toEqual([
      { code: 'trailing-bytes', text: '2 octets behind the end of the message; cut them off' },
    ]);
  });
});

describe('messages that should be signed', () => {
  test('an installation response without signature', async () => {
    const document = decode(iso15118_2, seed);
    if (document.V2G_Message !== undefined) delete document.V2G_Message.Header.Signature;
    const { code, result } = await json([Buffer.from(encode(iso15118_2, document)).toString('hex')]);
    expect(code).toBe(1);
    expect(result.signature).toBeNull();
    expect(codesOf(result.problems)).toContain('no-signature');
  });

  test('a failure response needs none', () => {
    const document = decode(iso15118_2, seed);
    if (document.V2G_Message !== undefined) delete document.V2G_Message.Header.Signature;
    installationResIn(document).ResponseCode = 'FAILED';
    expect(codesOf(inspectOctets(encode(iso15118_2, document)).problems)).not.toContain('no-signature');
  });

  test('a failure of the field: its code in words, and no complaint about the zeros in it', async () => {
    const ofTheField = 'gJgCCo9xtdUEfZHBAMIagnkDGyuToktzm6MLY2EDm6MLo6uYhhggEAJAIAQDMACAADMACAADMAGYAA==';
    const { code, result } = await json([ofTheField]);
    expect(code).toBe(0);
    expect(result.chains).toEqual([]);
    expect(result.problems).toEqual([
      {
        code: 'refused',
        text: 'the response refuses with FAILED_NoCertificateAvailable: is the vehicle published, and has it a default contract that is valid now?',
      },
    ]);
  });

  test('an element that no reference covers, and a reference to nothing', () => {
    const document = decode(iso15118_2, seed);
    installationResIn(document).eMAID.Id = 'other';
    const { signature, problems } = inspectOctets(encode(iso15118_2, document));
    expect(signature?.valid).toBe(false);
    expect(codesOf(problems)).toEqual(expect.arrayContaining(['dangling-reference', 'element-not-signed']));
  });

  test('contract data that does not belong together', () => {
    const document = decode(iso15118_2, seed);
    const response = installationResIn(document);
    response.eMAID.value = 'DEPPLC00000000';
    response.DHpublickey.value[10] = (response.DHpublickey.value[10] ?? 0) ^ 1;
    const { problems } = inspectOctets(encode(iso15118_2, document));
    expect(codesOf(problems)).toEqual(expect.arrayContaining(['emaid-mismatch', 'point-not-on-curve']));
  });

  test('sub CAs in the wrong order', () => {
    const document = decode(iso15118_2, seed);
    installationResIn(document).SAProvisioningCertificateChain.SubCertificates?.Certificate.reverse();
    const { chains } = inspectOctets(encode(iso15118_2, document));
    expect(codesOf(chains[0]?.problems ?? [])).toEqual(['chain-broken', 'chain-broken']);
    expect(chains[1]?.certificates.every(({ signedByIssuer }) => signedByIssuer !== false)).toBe(true);
  });

  test('a certificate that is none', () => {
    const document = decode(iso15118_2, seed);
    const [subCa2] = installationResIn(document).ContractSignatureCertChain.SubCertificates?.Certificate ?? [];
    subCa2?.fill(0, 0, 4);
    const { chains, problems } = inspectOctets(encode(iso15118_2, document));
    expect(codesOf(problems)).toContain('certificate-malformed');
    expect(chains[1]?.certificates.map(({ signedByIssuer }) => signedByIssuer)).toEqual([null, null]);
  });
});

describe('a message that does not carry the certificate of its signer', () => {
  const keys = generateKeyPair('secp256r1');

  async function certificateFile(): Promise<string> {
    const name = makeName([{ type: 'CN', value: 'DEPPLC12345678' }]);
    const der = await writeCertificate(
      {
        serialNumber: randomSerialNumber(),
        issuer: name,
        subject: name,
        notBefore: Date.now(),
        notAfter: Date.now() + 1000,
        spki: keys.spki,
        extensions: [],
      },
      softwareSigner(keys.privateKey),
    );
    const path = join(folder, 'signer.pem');
    await writeFile(path, toPem('CERTIFICATE', der));
    return path;
  }

  /** What signs one element under its Id. */
  async function signatureOver(element: string, id: string, value: unknown): Promise<Signature> {
    const fragment = encodeFragment(iso15118_2, { name: element, uri: elementsOf[element] ?? '' }, value);
    const canonical = 'http://www.w3.org/TR/canonical-exi/';
    const SignedInfo = {
      CanonicalizationMethod: { Algorithm: canonical },
      SignatureMethod: { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' },
      Reference: [
        {
          URI: `#${id}`,
          Transforms: { Transform: [{ Algorithm: canonical }] },
          DigestMethod: { Algorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' },
          DigestValue: new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(fragment))),
        },
      ],
    };
    const octets = encodeFragment(xmldsig, 'SignedInfo', SignedInfo);
    return { SignedInfo, SignatureValue: { value: await softwareSigner(keys.privateKey).sign(octets) } };
  }

  const elementsOf: Readonly<Record<string, string>> = {
    AuthorizationReq: 'urn:iso:15118:2:2013:MsgBody',
    SalesTariff: 'urn:iso:15118:2:2013:MsgDataTypes',
  };

  /** An AuthorizationReq as a car signs it with its contract key. */
  async function signedAuthorization(): Promise<string> {
    const AuthorizationReq = { Id: 'id1', GenChallenge: new Uint8Array(16) };
    const Header = {
      SessionID: Uint8Array.of(1),
      Signature: await signatureOver('AuthorizationReq', 'id1', AuthorizationReq),
    };
    return Buffer.from(encode(iso15118_2, { V2G_Message: { Header, Body: { AuthorizationReq } } })).toString('hex');
  }

  test('its digests hold, and the rest stays open', async () => {
    const { code, result } = await json([await signedAuthorization()]);
    expect(code).toBe(1);
    expect(result.signature).toMatchObject({ valid: null, signer: null, references: [{ uri: '#id1', valid: true }] });
    expect(codesOf(result.problems)).toEqual(['signer-unknown']);
  });

  test('with the certificate given it is verified', async () => {
    const { code, result } = await json([await signedAuthorization(), '--signer', await certificateFile()]);
    expect(code).toBe(0);
    expect(result.signature).toMatchObject({ valid: true, signer: 'CN=DEPPLC12345678' });
    expect(result.problems).toEqual([]);
  });

  test('a sales tariff is signed by itself, not its message', async () => {
    const unsigned = vectorNamed('schedule-1-1-1');
    expect(codesOf(inspectOctets(unsigned).problems)).toEqual(['session-id-zero', 'element-not-signed']);
    const document = decode(iso15118_2, unsigned);
    const message = document.V2G_Message ?? expect.fail('no message');
    const tariff = message.Body.ChargeParameterDiscoveryRes?.SAScheduleList?.SAScheduleTuple[0]?.SalesTariff;
    const Header = { SessionID: Uint8Array.of(1), Signature: await signatureOver('SalesTariff', 'st0', tariff) };
    const exi = Buffer.from(encode(iso15118_2, { V2G_Message: { ...message, Header } })).toString('hex');
    const { code, result } = await json([exi, '--signer', await certificateFile()]);
    expect(code).toBe(0);
    expect(result.signature).toMatchObject({ valid: true, references: [{ uri: '#st0', element: 'SalesTariff' }] });
    expect(result.problems).toEqual([]);
  });

  function vectorNamed(wanted: string): Uint8Array {
    const text = readFileSync(new URL('iso15118-2.json', vectors), 'utf8');
    const all: { name: string; exiHex: string }[] = JSON.parse(text).vectors;
    return Buffer.from(all.find(({ name }) => name === wanted)?.exiHex ?? '', 'hex');
  }
});

describe('roots', () => {
  test('of another PKI do not fit', async () => {
    const path = join(folder, 'other-root.pem');
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', [...args, '-keyout', join(folder, 'other.key'), '-out', path, '-subj', '/CN=Other'], {
      stdio: 'ignore',
    });
    const { result } = await json([seedFile, '--roots', path]);
    expect(codesOf(result.problems).filter((code) => code === 'unknown-root')).toHaveLength(2);
    expect(await run([seedFile, '--roots', seedFile])).toMatchObject({
      code: 1,
      err: expect.stringContaining(seedFile),
    });
  });
});

test('texts of strangers do not reach the terminal as they are', async () => {
  const document = decode(iso15118_2, seed);
  installationResIn(document).eMAID.value = '\u001b[2J\u0007x';
  const { out } = await run([Buffer.from(encode(iso15118_2, document)).toString('hex')]);
  expect(out).toContain('\\x1b[2J\\x07x');
  expect(out).not.toContain('\u001b');
});
