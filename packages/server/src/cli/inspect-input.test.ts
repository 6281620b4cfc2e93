/** What `inspect` is given: a message in whatever form, who signed it, and roots. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode, encodeFragment, iso15118_2, type Signature, xmldsig } from '@plugpool/exi';
import {
  generateKeyPair,
  makeName,
  randomSerialNumber,
  softwareSigner,
  toPem,
  writeCertificate,
} from '@plugpool/iso15118';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vectorsIn } from '../../../exi/test/vectors.ts';
import { codesOf, inspectCommand, inspectJson, seedFile } from '../../test/inspect-command.ts';
import { inspected } from '../../test/inspected.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugpool-inspect-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

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
    const { code, result } = await inspectJson([await argv()], { stdin });
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
    const { code, out, err } = await inspectCommand([argv], { stdin });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(text);
  });

  test('a V2GTP header of another length is a problem', async () => {
    const wrong = Buffer.from(withHeader);
    wrong.writeUInt32BE(99, 4);
    const { code, result } = await inspectJson([wrong.toString('hex')]);
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
    const { code, result } = await inspectJson([await signedAuthorization()]);
    expect(code).toBe(1);
    expect(result.signature).toMatchObject({ valid: null, signer: null, references: [{ uri: '#id1', valid: true }] });
    expect(codesOf(result.problems)).toEqual(['signer-unknown']);
  });

  test('with the certificate given it is verified', async () => {
    const { code, result } = await inspectJson([await signedAuthorization(), '--signer', await certificateFile()]);
    expect(code).toBe(0);
    expect(result.signature).toMatchObject({ valid: true, signer: 'CN=DEPPLC12345678' });
    expect(result.problems).toEqual([]);
  });

  test('a sales tariff is signed by itself, not its message', async () => {
    const vector = vectorsIn('iso15118-2').find(({ name }) => name === 'schedule-1-1-1');
    const unsigned = Buffer.from(vector?.exiHex ?? '', 'hex');
    expect(inspected(unsigned).codes).toEqual(['session-id-zero', 'element-not-signed']);
    const document = decode(iso15118_2, unsigned);
    const message = document.V2G_Message ?? expect.fail('no message');
    const tariff = message.Body.ChargeParameterDiscoveryRes?.SAScheduleList?.SAScheduleTuple[0]?.SalesTariff;
    const Header = { SessionID: Uint8Array.of(1), Signature: await signatureOver('SalesTariff', 'st0', tariff) };
    const exi = Buffer.from(encode(iso15118_2, { V2G_Message: { ...message, Header } })).toString('hex');
    const { code, result } = await inspectJson([exi, '--signer', await certificateFile()]);
    expect(code).toBe(0);
    expect(result.signature).toMatchObject({ valid: true, references: [{ uri: '#st0', element: 'SalesTariff' }] });
    expect(result.problems).toEqual([]);
  });
});

describe('roots', () => {
  test('of another PKI do not fit', async () => {
    const path = join(folder, 'other-root.pem');
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', [...args, '-keyout', join(folder, 'other.key'), '-out', path, '-subj', '/CN=Other'], {
      stdio: 'ignore',
    });
    const { result } = await inspectJson([seedFile, '--roots', path]);
    expect(codesOf(result.problems).filter((code) => code === 'unknown-root')).toHaveLength(2);
    expect(await inspectCommand([seedFile, '--roots', seedFile])).toMatchObject({
      code: 1,
      err: expect.stringContaining(seedFile),
    });
  });
});
