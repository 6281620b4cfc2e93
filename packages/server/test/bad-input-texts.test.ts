/**
 * The texts that the interface descriptions of OPCP and OPNC give as examples: clients match on them, so they come
 * first and letter by letter. The quick start has the texts of OPCP, which grew out of it.
 */
import { encode, iso15118_2, toXml } from '@plugpool/exi';
import { buildCertificateInstallationRes } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { examplesOf } from './examples.ts';
import { withValue } from './json-places.ts';
import { callOf, type Example, publishedCar, type Samples, samplesOn } from './operations.ts';
import { DAY_MS, issue } from './own-pki.ts';
import { type Made, type Row, referenceTexts } from './reference-texts.ts';
import { expectRefused } from './refusal.ts';
import { base64, enrol, installationReq, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: Map<string, Example>;
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
    examples = new Map(
      examplesOf({ opnc: samples, opcp: samples, quickstart: samples }).map((example) => [example.name, example]),
    );
  });

  test('fail/each with its text', async () => {
    const calls = referenceTexts(await made(server.url, samples)).flatMap((row) =>
      row.calls.map((name) => {
        const example = examples.get(name);
        if (example === undefined) throw new Error(`there is no ${name}`);
        const { text, status } = row;
        return {
          title: `${name} ${JSON.stringify({ ...row, calls: undefined }).slice(0, 200)}`,
          call: callOf(spoilt(example, row)),
          text,
          ...(status && { status }),
        };
      }),
    );
    await expectRefused(server, calls);
    expect(calls.length).toBeGreaterThan(400);
  });
});

function spoilt({ params, query, headers, body, ...example }: Example, row: Row): Example {
  return {
    ...example,
    params: { ...params, ...row.params },
    query: { ...query, ...row.query },
    headers: { ...headers, ...row.headers },
    ...(body && { body: (row.body ?? []).reduce((whole, [place, bad]) => withValue(whole, place, bad), body) }),
  };
}

async function made(url: string, { data, root }: Samples): Promise<Made> {
  const other = await publishedCar(url);
  const nameless = await issue({ profile: 'oem', commonName: 'NO-PCID', issuer: root });
  const unpublished = { ...(await enrol(url, 'oem', randomPcid())) };
  const past = { notBefore: Date.now() - 30 * DAY_MS, notAfter: Date.now() - DAY_MS };
  const expired = await issue({ profile: 'contract', commonName: data.emaid, issuer: root, ...past });
  const message = buildCertificateInstallationRes({
    sessionId: Uint8Array.of(0),
    provisioningChain: { certificate: expired.certificate, subCa1: root.certificate },
    contractChain: { certificate: expired.certificate, subCa1: root.certificate },
    encryptedPrivateKey: data.encryptedPrivateKey,
    dhPublicKey: data.dhPublicKey,
    emaid: data.emaid,
  });
  return {
    otherPcid: other.pcid,
    unknownPcid: randomPcid(),
    takenEmaid: data.emaid,
    vehicleWithoutPcid: base64(nameless.certificate.der),
    unknownCarsRequest: base64(await installationReq(unpublished)),
    expiredContract: base64(expired.certificate.der),
    expiredResponse: base64(encode(iso15118_2, message)),
    expiredXml: base64(Buffer.from(toXml(iso15118_2, message))),
  };
}
