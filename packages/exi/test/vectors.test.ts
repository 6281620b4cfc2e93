import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  decode,
  decodeFragment,
  ExiError,
  encode,
  encodeFragment,
  fromJson,
  fromJsonFragment,
  iso15118_2,
  toJson,
  toJsonFragment,
} from '../src/index.ts';
import { type FragmentVector, fromHex, type InvalidVector, setNamed, toHex, vectorPath, vectorsIn } from './vectors.ts';

describe.each(['iso15118-2', 'iso15118-20-common', 'app-protocol'])('documents of %s', (name) => {
  const set = setNamed(name);
  const vectors = vectorsIn(name);

  test.each(vectors)('encoded byte for byte/$name', ({ message, exiHex }) => {
    expect(toHex(encode(set, fromJson(set, message)))).toBe(exiHex);
  });

  test.each(vectors)('decoded/$name', ({ message, exiHex }) => {
    expect(toJson(set, decode(set, fromHex(exiHex)))).toEqual(message);
  });

  test.each(vectors.filter(({ altHex }) => altHex?.openexi))('decoded from empty content/$name', (vector) => {
    expect(toJson(set, decode(set, fromHex(vector.altHex?.openexi ?? '')))).toEqual(vector.message);
  });

  /** A list at its maximum closed with the code of a state where another entry may come: cbV2G's deviation from EXI. */
  test.each(vectors.filter(({ altHex }) => altHex?.cbv2g))('rejected or another message/$name', (vector) => {
    let json: unknown;
    try {
      json = toJson(set, decode(set, fromHex(vector.altHex?.cbv2g ?? '')));
    } catch (error) {
      expect(error).toBeInstanceOf(ExiError);
    }
    expect(json).not.toEqual(vector.message);
  });
});

describe('fragments', () => {
  const vectors = vectorsIn<FragmentVector>('fragments').map((vector) => {
    const [[element = '', json = null] = []] = Object.entries(vector.message);
    const options = vector.name.endsWith('-singletype') ? ({ multiTypeElement: 'single-type' } as const) : {};
    return { ...vector, set: setNamed(vector.schemaSet), element, json, options };
  });

  test.each(vectors)('encoded byte for byte/$name', ({ set, element, json, options, exiHex }) => {
    expect(toHex(encodeFragment(set, element, fromJsonFragment(set, element, json), options))).toBe(exiHex);
  });

  test.each(vectors)('decoded/$name', ({ set, element, json, options, exiHex }) => {
    const fragment = decodeFragment(set, fromHex(exiHex), options);
    expect(fragment.name).toBe(element);
    expect(toJsonFragment(set, { name: fragment.name, uri: fragment.uri }, fragment.value)).toEqual(json);
  });
});

describe('byte strings that are no certificate installation message', () => {
  test.each(vectorsIn<InvalidVector>('invalid-exi'))('rejected or another message/$name', ({ exiHex }) => {
    const bytes = fromHex(exiHex);
    let body: Readonly<Record<string, unknown>> = {};
    try {
      body = decode(iso15118_2, bytes).V2G_Message?.Body ?? {};
    } catch (error) {
      expect(error).toBeInstanceOf(ExiError);
      const { bitOffset = -1 } = error as ExiError;
      expect(bitOffset).toBeGreaterThanOrEqual(0);
      expect(bitOffset).toBeLessThanOrEqual(bytes.length * 8);
    }
    expect(Object.keys(body)).not.toContain('CertificateInstallationReq');
    expect(Object.keys(body)).not.toContain('CertificateInstallationRes');
  });
});

describe('a response of a public ecosystem', () => {
  const bytes = Uint8Array.from(readFileSync(vectorPath('opnc-certificate-installation-res.exi')));
  const document = decode(iso15118_2, bytes);

  test('is read whole', () => {
    const response = document.V2G_Message?.Body.CertificateInstallationRes;
    expect(response?.ResponseCode).toBe('OK');
    expect(response?.SAProvisioningCertificateChain.SubCertificates?.Certificate).toHaveLength(2);
    expect(document.V2G_Message?.Header.Signature?.SignedInfo.Reference.map(({ URI }) => URI)).toEqual([
      '#ID2',
      '#ID1',
      '#ID4',
      '#ID3',
    ]);
  });

  test('is written byte for byte', () => {
    expect(Buffer.compare(encode(iso15118_2, document), bytes)).toBe(0);
  });
});
