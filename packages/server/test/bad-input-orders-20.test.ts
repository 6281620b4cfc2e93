/** Orders for contract data of ISO 15118-20 that cannot be made. */
import { namespaceOfEdition } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Call, call, opnc } from './dialects.ts';
import { expectRefused, type Spoilt } from './refusal.ts';
import { enrol, randomEmaid, randomPcid } from './roles.ts';
import { publishedCar20 } from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const NOT_AVAILABLE = 'The OEM provisioning certificate with the given PCID is not available.';
const generating = ['/opnc/v1/cps/contractData/generateandsign', '/v1/cps/generate/signedContractData'];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const generate = (path: string, fields: object): Call => ({
    method: 'PUT',
    path,
    body: {
      contractBegins: '2024-01-01T00:00:00Z',
      contractEnds: new Date(Date.now() + 86_400_000).toISOString(),
      xsdMsgDefNamespace: namespaceOfEdition('ISO15118-20'),
      ...fields,
    },
  });

  test('fail/nothing is generated for an Ed448 vehicle, and the answer says why', async () => {
    const { pcid } = await publishedCar20(server.url, 'ed448');
    await expectRefused(
      server,
      generating.map((path) => ({
        title: path,
        call: generate(path, { emaid: randomEmaid(), pcid }),
        names: /^pcid : .*Ed448.*57 octets.*X448 envelope of 56.*eMSP/,
      })),
    );
  });

  test('fail/a vehicle that is published in ISO 15118-2 alone', async () => {
    const pcid = randomPcid();
    expect((await call(server.url, opnc.publish(await enrol(server.url, 'oem', pcid)))).status).toBe(200);
    await expectRefused(
      server,
      generating.map((path) => ({
        title: path,
        call: generate(path, { emaid: randomEmaid(), pcid }),
        text: NOT_AVAILABLE,
      })),
    );
  });

  test('fail/EMAIDs, roots and vehicles of orders', async () => {
    const { pcid, root } = await publishedCar20(server.url, 'secp521r1');
    const { root: ofIso2 } = await enrol(server.url, 'oem', randomPcid());
    const emaid = randomEmaid();
    const longest = `DEPPL${'C'.repeat(28)}`;
    const forms = [
      '',
      'DE',
      'DEPPL',
      'DEPPLC1234567',
      '1EPPLC12345678',
      'DE*PPL*C12345678',
      `${longest}123`,
      'É'.repeat(14),
    ];
    const roots = ['cpsV2GRootCertificateFingerprint', 'moRootCertificateFingerprint'];
    await expectRefused(
      server,
      generating.flatMap((path): Spoilt[] => [
        ...forms.map((form) => ({
          title: `${form} at ${path}`,
          call: generate(path, { emaid: form, pcid }),
          names: 'emaid : must ',
        })),
        ...roots.map((field) => ({
          title: `${field} of ISO 15118-2 at ${path}`,
          call: generate(path, { emaid, pcid, [field]: ofIso2.fingerprint }),
          names: `${field} : no `,
        })),
        {
          title: `nobody's PCID at ${path}`,
          call: generate(path, { emaid, pcid: randomPcid() }),
          text: NOT_AVAILABLE,
        },
        {
          title: `in ISO 15118-2 at ${path}`,
          call: generate(path, { emaid, pcid, xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2') }),
          text: NOT_AVAILABLE,
        },
        {
          title: `never valid at ${path}`,
          call: generate(path, {
            emaid,
            pcid,
            contractBegins: '9998-01-01T00:00:00Z',
            contractEnds: '9999-12-31T23:59:59Z',
          }),
          names: 'contractBegins : ',
        },
      ]),
    );
    for (const [path = '', longEmaid] of [
      [generating[0], longest],
      [generating[1], 'DEPPLC123456781'],
    ]) {
      const fields = { emaid: longEmaid, pcid, cpsV2GRootCertificateFingerprint: root.fingerprint };
      expect(await call(server.url, generate(path, fields))).toMatchObject({ status: 201 });
    }
  });
});
