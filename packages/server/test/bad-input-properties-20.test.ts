/** Whatever octets come for messages of ISO 15118-20, the answer is a 2xx or a 4xx, and what was taken can be delivered. */
import { decode, encode, iso15118_20Common, toXml } from '@plugpool/exi';
import { type Edition, namespaceOfEdition } from '@plugpool/iso15118';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Call, call, DIALECTS, opnc, type SealedContract } from './dialects.ts';
import {
  bringing,
  type ForeignFields20,
  foreignFields20,
  signed20,
  signedAs20,
  trustedPki,
} from './foreign-data-20.ts';
import { type Mutation, mutated, mutations } from './mutations.ts';
import { answeredWell } from './refusal.ts';
import { base64 } from './roles.ts';
import {
  type Car20,
  CURVES_20,
  type Curve20,
  contractIn20,
  in20,
  installationReq20,
  publishedCar20,
  sealedContract20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const editions = fc.constantFrom<Edition>('ISO15118-20', 'ISO15118-20', 'ISO15118-20', 'ISO15118-2');

interface Sample {
  readonly curve: Curve20;
  readonly car: Car20;
  readonly request: Uint8Array;
  readonly data: SealedContract;
  readonly fields: ForeignFields20;
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Sample[];
  beforeAll(async () => {
    server = await start();
    samples = await Promise.all(CURVES_20.map(sampleOn));
  });

  async function sampleOn(curve: Curve20): Promise<Sample> {
    const own = await trustedPki(server.url, curve);
    const car = await publishedCar20(server.url, curve);
    await contractIn20(server.url, car);
    const request = await installationReq20(car, { most: 9, prioritized: ['DEPPLC12345678'] });
    const data = await sealedContract20(server.url, car);
    return { curve, car, request, data, fields: await foreignFields20(own, data, curve) };
  }

  const wellAnswered = (sent: Call) => answeredWell(server.url, sent);
  const oneOf = fc.nat(CURVES_20.length - 1);
  const sampleAt = (which: number): Sample => {
    const sample = samples[which];
    if (sample === undefined) throw new Error('no sample');
    return sample;
  };

  test('requests of cars with octets changed', async () => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(
      fc.constantFrom(...DIALECTS),
      oneOf,
      mutations,
      editions,
      fc.boolean(),
      async (dialect, which, changes, edition, alwaysReturnEXI) => {
        const exi = mutated(sampleAt(which).request, changes);
        const sent = dialect.install(exi, { alwaysReturnEXI: String(alwaysReturnEXI) });
        statuses.add(await wellAnswered(inEdition(sent, edition)));
      },
    );
    await fc.assert(property, { numRuns: 300 });
    expect(statuses).toContain(400);
  });

  test('contract data in EXI and in XML with octets changed', async () => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(
      oneOf,
      fc.boolean(),
      mutations,
      editions,
      async (which, inXml, changes, edition) => {
        const { fields, data } = sampleAt(which);
        const document = await signed20(fields);
        const [exi, xml] = bringing(document, data);
        if (exi === undefined || xml === undefined) throw new Error('no call');
        const good = inXml ? Buffer.from(toXml(iso15118_20Common, document)) : encode(iso15118_20Common, document);
        const spoilt = base64(mutated(good, changes));
        const sent = inXml
          ? { ...xml, body: { ...Object(xml.body), signedContractDataXML: spoilt } }
          : { ...exi, body: { ...Object(exi.body), certificateInstallationRes: spoilt } };
        statuses.add(await wellAnswered(inEdition(sent, edition)));
      },
    );
    await fc.assert(property, { numRuns: 200 });
    expect(statuses).toContain(400);
  });

  test('contract data that was changed before it was signed: what is taken is delivered', async () => {
    const parts = ['envelope', 'DHPublicKey', 'Certificate', 'SubCertificates', 'Id', 'ECDHCurve'] as const;
    const taken = new Set<number>();
    const property = fc.asyncProperty(
      oneOf,
      fc.constantFrom(...parts),
      fc.constantFrom('SECP521', 'X448', 'TPM'),
      mutations,
      async (which, part, element, changes) => {
        const { fields, data, car } = sampleAt(which);
        const document = await signedAs20(fields, (good) => spoiltData(good, { part, element, changes }));
        for (const sent of bringing(document, data)) taken.add(await wellAnswered(sent));
        const answer = await call(server.url, in20(opnc.install(await installationReq20(car, { most: 9 }))));
        expect(answer.status).toBe(200);
        for (const res of opnc.delivered(answer.json)) decode(iso15118_20Common, Buffer.from(res, 'base64'));
      },
    );
    await fc.assert(property, { numRuns: 100 });
    expect(taken).toContain(400);
    expect(taken).toContain(201);
  });
});

type SignedData = Parameters<Parameters<typeof signedAs20>[1]>[0];

interface Spoiling {
  readonly part: 'envelope' | 'DHPublicKey' | 'Certificate' | 'SubCertificates' | 'Id' | 'ECDHCurve';
  readonly element: 'SECP521' | 'X448' | 'TPM';
  readonly changes: readonly Mutation[];
}

function spoiltData(good: SignedData, { part, element, changes }: Spoiling): SignedData {
  const { Id, ContractCertificateChain, ECDHCurve, DHPublicKey } = good;
  const { Certificate, SubCertificates } = ContractCertificateChain;
  const spoilt = (octets: Uint8Array) => mutated(octets, changes);
  switch (part) {
    case 'envelope': {
      const sealed = spoilt(good.SECP521_EncryptedPrivateKey ?? good.X448_EncryptedPrivateKey ?? new Uint8Array(206));
      const rest = { Id, ContractCertificateChain, ECDHCurve, DHPublicKey };
      if (element === 'TPM') return { ...rest, TPM_EncryptedPrivateKey: sealed };
      return element === 'X448'
        ? { ...rest, X448_EncryptedPrivateKey: sealed }
        : { ...rest, SECP521_EncryptedPrivateKey: sealed };
    }
    case 'DHPublicKey':
      return { ...good, DHPublicKey: spoilt(DHPublicKey) };
    case 'Certificate':
      return { ...good, ContractCertificateChain: { Certificate: spoilt(Certificate), SubCertificates } };
    case 'SubCertificates':
      return {
        ...good,
        ContractCertificateChain: {
          Certificate,
          SubCertificates: { Certificate: SubCertificates.Certificate.map(spoilt) },
        },
      };
    case 'Id':
      return { ...good, Id: 'id1' };
    case 'ECDHCurve':
      return { ...good, ECDHCurve: element === 'X448' ? 'X448' : 'SECP521' };
  }
}

function inEdition(sent: Call, edition: Edition): Call {
  return { ...sent, body: { ...Object(sent.body), xsdMsgDefNamespace: namespaceOfEdition(edition) } };
}
