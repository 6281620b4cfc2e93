import { decode, encode, type Iso15118_2Document, iso15118_2 } from '@plugpool/exi';
import { inspect } from '@plugpool/iso15118';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FragmentVector, type InvalidVector, vectorsIn } from '../../../exi/test/vectors.ts';
import { codesOf, inspectCommand, inspectJson, seed, seedFile } from '../../test/inspect-command.ts';

const circumstances = {
  /** A moment at which every certificate of the seed's response was valid. */
  at: Date.UTC(2025, 0, 1),
  roots: [],
  signer: undefined,
};
const inspectOctets = (exi: Uint8Array) => inspect({ exi, v2gtp: undefined }, circumstances);

describe("the seed's response", () => {
  test('is signed rightly, and its chains hold', async () => {
    const { code, result } = await inspectJson([seedFile]);
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
    const { out } = await inspectCommand([seedFile]);
    expect(out).toMatch(/^document of iso15118-2, 4020 octets of EXI\nCertificateInstallationRes of ISO 15118-2\n\n/);
    expect(out).toContain('       1.0  V2G_Message\n       1.7    Header\n       2.0      SessionID: 00\n');
    expect(out).toContain(
      'Certificate[1]: CN=Prov Sub1 CA QA G1.2, O=Hubject GmbH, C=DE (issued by CN=V2G Root CA QA G1,',
    );
    expect(out).toContain('value: 9a6979333170ef05b57be78a25c33b46… (48 octets)');
    expect(out).toContain('Signature: valid\n  signer: CN=CPS 2024.4 QA');
    expect(out).toContain('#ID4 eMAID: digest holds');
    expect(out).not.toContain('\u001b');
    expect((await inspectCommand([seedFile], { isTty: true })).out).toContain('\u001b[32mvalid\u001b[0m');
  });

  test('with one octet of the encrypted key changed: that reference does not hold, the others do', async () => {
    const document = decode(iso15118_2, seed);
    const key = installationResIn(document).ContractSignatureEncryptedPrivateKey.value;
    const at = Buffer.from(key);
    key[20] = (key[20] ?? 0) ^ 1;
    expect(at).not.toEqual(Buffer.from(key));
    const { code, result } = await inspectJson([Buffer.from(encode(iso15118_2, document)).toString('base64')]);
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

describe('recognition', () => {
  test.each(['iso15118-2', 'iso15118-20-common', 'app-protocol', 'fragments'])('every vector of %s', (file) => {
    for (const vector of vectorsIn<FragmentVector>(file)) {
      const { schema, kind, message, problems } = inspectOctets(Buffer.from(vector.exiHex, 'hex'));
      expect({ name: vector.name, schema, kind, message: message?.json }).toEqual({
        name: vector.name,
        schema: vector.schemaSet ?? file,
        kind: file === 'fragments' ? 'fragment' : 'document',
        message: vector.message,
      });
      expect(codesOf(problems).includes('single-type-encoding')).toBe(vector.name.endsWith('-singletype'));
    }
  });

  test('no invalid stream is taken for a CertificateInstallation message without a problem', () => {
    for (const { name, exiHex } of vectorsIn<InvalidVector>('invalid-exi')) {
      const { message, problems } = inspectOctets(Buffer.from(exiHex, 'hex'));
      const body = JSON.stringify(message?.json ?? {});
      if (/"V2G_Message".*"CertificateInstallationRe[qs]"/.test(body))
        expect({ name, problems }).not.toMatchObject({ problems: [] });
    }
  });

  test('what cannot be decoded: how far it went, in which schema, and where', async () => {
    const { code, result } = await inspectJson([seed.subarray(0, 500).toString('hex')]);
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
    const text = await inspectCommand([seed.subarray(0, 500).toString('hex')]);
    expect(text.out).toContain('not decoded, 500 octets of EXI');
  });

  test('octets behind the message are cut off and told', async () => {
    const { code, result } = await inspectJson(['8098021fafed46beaa937d9008aabb']);
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
    const { code, result } = await inspectJson([Buffer.from(encode(iso15118_2, document)).toString('hex')]);
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
    const { code, result } = await inspectJson([ofTheField]);
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

test('texts of strangers do not reach the terminal as they are', async () => {
  const document = decode(iso15118_2, seed);
  installationResIn(document).eMAID.value = '\u001b[2J\u0007x';
  const { out } = await inspectCommand([Buffer.from(encode(iso15118_2, document)).toString('hex')]);
  expect(out).toContain('\\x1b[2J\\x07x');
  expect(out).not.toContain('\u001b');
});
