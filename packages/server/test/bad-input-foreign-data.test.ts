/** Contract data that somebody else's CPS signed, brought to the pool as EXI (OPNC) or as XML (OPCP). */
import { encode, type Iso15118_2Document, iso15118_2 } from '@plugpool/exi';
import {
  generateKeyPair,
  signCertificateInstallationReq,
  signCertificateUpdateRes,
  softwareSigner,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { ballast } from './bad-chains.ts';
import { call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import {
  carriers,
  type ForeignFields,
  foreignFields,
  partsOf,
  sentChain,
  signed,
  tampered,
  withoutReference,
} from './foreign-data.ts';
import { type JsonObject, withValue } from './json-places.ts';
import { callOf, type Example, type Samples, samplesOn, withBody } from './operations.ts';
import { DAY_MS, type Issued, issue, type OwnPki, ownPki } from './own-pki.ts';
import { expectRefused, type Spoilt } from './refusal.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: (Example & { readonly body: JsonObject })[];
  let own: OwnPki;
  let good: ForeignFields;
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
    examples = withBody(examplesOf({ opnc: samples, opcp: samples, quickstart: samples })).map((example) => {
      const { cpsV2GRootCertificateFingerprint: _, ...body } = example.body;
      return { ...example, body };
    });
    own = await ownPki('Own');
    const body = { caCertificate: base64(own.root.certificate.der), rootTypeList: ['V2G', 'eMSP'] };
    await call(server.url, { method: 'PUT', path: '/opnc/v1/rcp/rootcertificates', body });
    good = await foreignFields(own, samples.data);
  });

  const chainOf = (leaf: Issued, pki: Omit<OwnPki, 'root'> = own) => sentChain(leaf, pki);
  const signedWith = (changes: Partial<ForeignFields> = {}) => signed({ ...good, ...changes });

  function carried(document: Iso15118_2Document, changes: JsonObject = {}) {
    return carriers.map(({ name, place, carry }) => {
      const example = examples.find((each) => each.name === name);
      if (example === undefined) throw new Error(`there is no ${name}`);
      return {
        name,
        call: callOf({ ...example, body: { ...withValue(example.body, place, carry(document)), ...changes } }),
      };
    });
  }

  const refused = (title: string, document: Iso15118_2Document, names: RegExp, changes?: JsonObject): Spoilt[] =>
    carried(document, changes).map(({ name, call }) => ({ title: `${title} at ${name}`, call, names }));

  test('fail/signatures', async () => {
    const other = softwareSigner(generateKeyPair('secp256r1').privateKey);
    const { Header, res } = partsOf(await signedWith());
    const unsigned = {
      V2G_Message: { Header: { SessionID: Header.SessionID }, Body: { CertificateInstallationRes: res } },
    };
    const mismatch = (element: string) =>
      new RegExp(`^(certificateInstallationRes|signedContractDataXML) : .*${element}`);
    await expectRefused(server, [
      ...refused('unsigned', unsigned, mismatch('is not signed')),
      ...refused('of another key', await signedWith({ signer: other }), mismatch('does not verify')),
      ...refused(
        'another envelope',
        await tampered(good, { ContractSignatureEncryptedPrivateKey: { Id: 'id2', value: new Uint8Array(48) } }),
        mismatch('digest of ContractSignatureEncryptedPrivateKey'),
      ),
      ...refused(
        'another DH key',
        await tampered(good, { DHpublickey: { Id: 'id3', value: generateKeyPair('secp256r1').point } }),
        mismatch('digest of DHpublickey'),
      ),
      ...refused(
        'another Id',
        await tampered(good, { eMAID: { Id: 'id5', value: good.emaid } }),
        mismatch('eMAID is not signed'),
      ),
      ...refused(
        'an Id twice',
        await tampered(good, { eMAID: { Id: 'id3', value: good.emaid } }),
        mismatch('several elements'),
      ),
      ...refused(
        'chain not signed',
        await withoutReference(good, '#id1'),
        mismatch('ContractSignatureCertChain is not signed'),
      ),
      ...refused('key not signed', await withoutReference(good, '#id2'), mismatch('EncryptedPrivateKey is not signed')),
      ...refused('DH key not signed', await withoutReference(good, '#id3'), mismatch('DHpublickey is not signed')),
      ...refused('EMAID not signed', await withoutReference(good, '#id4'), mismatch('eMAID is not signed')),
    ]);
  });

  test('fail/who signed', async () => {
    const { subCa2 } = own;
    const stranger = await ownPki('Stranger');
    const large = await ownPki('Large', {}, own.root);
    const signers: [string, Issued, Omit<OwnPki, 'root'>, RegExp][] = [
      [
        'a CPS under an unknown root',
        await issue({ profile: 'cps', commonName: 'CPS', issuer: stranger.subCa2 }),
        stranger,
        /^cpsSubCa1Certificate : the chain does not end at a root of type V2G/,
      ],
      [
        "a CPS with somebody else's chain",
        await issue({ profile: 'cps', commonName: 'CPS', issuer: stranger.subCa2 }),
        own,
        /^cpsCertificate : .*was not issued by/,
      ],
      [
        'an expired CPS',
        await issue({ profile: 'cps', commonName: 'CPS', issuer: subCa2, notAfter: Date.now() - DAY_MS }),
        own,
        /^cpsCertificate : .*expired on/,
      ],
      [
        'a CPS that is not yet valid',
        await issue({ profile: 'cps', commonName: 'CPS', issuer: subCa2, notBefore: Date.now() + DAY_MS }),
        own,
        /^cpsCertificate : .*is not valid before/,
      ],
      ['a CA', await issue({ profile: 'subCa2', commonName: 'CA', issuer: subCa2 }), own, /^cpsCertificate : .*CA/],
      // [V2G2-891]: the car looks for DC=CPS, so that no vehicle or charging station can make contracts.
      [
        'a charging station',
        await issue({ profile: 'secc', commonName: 'DE*ICE*E1', issuer: subCa2 }),
        own,
        /^cpsCertificate : .*DC=CPS/,
      ],
      [
        'an eMSP',
        await issue({ profile: 'contract', commonName: 'DEPPLC99999999', issuer: subCa2 }),
        own,
        /^cpsCertificate : .*DC=CPS/,
      ],
      [
        'a CPS whose certificate fits into no message',
        await issue({ profile: 'cps', commonName: 'CPS', issuer: large.subCa2, extensions: [ballast(800)] }),
        large,
        /^cpsCertificate : is larger than 800 bytes/,
      ],
    ];
    const calls: Spoilt[] = [];
    for (const [title, leaf, under, names] of signers) {
      const document = await signedWith({ provisioningChain: chainOf(leaf, under), signer: leaf.signer });
      calls.push(...refused(title, document, names));
    }
    const root = samples.car.root.fingerprint;
    calls.push(
      ...refused(
        'under another root than it is said',
        await signedWith(),
        /^cpsV2GRootCertificateFingerprint : is not the root/,
        {
          cpsV2GRootCertificateFingerprint: root,
        },
      ),
    );
    await expectRefused(server, calls);
  });

  test('fail/what is signed', async () => {
    const { subCa2, subCa1, root } = own;
    const contract = (order: object) =>
      issue({ profile: 'contract', commonName: good.emaid, issuer: subCa2, ...order });
    const garbage = Buffer.from('no certificate');
    const offCurve = good.dhPublicKey.slice();
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    const stranger = await ownPki('Stranger');
    const strange = await issue({ profile: 'contract', commonName: good.emaid, issuer: stranger.subCa2 });
    const longer = partsOf(await signedWith()).res.ContractSignatureCertChain;
    const more = [subCa2, subCa1, root].map(({ certificate }) => certificate.der);
    const cases: [string, Iso15118_2Document, RegExp][] = [
      [
        'another EMAID',
        await signedWith({ contractChain: chainOf(await contract({ commonName: 'DEPPLC99999999' })) }),
        /^emaid : is not/,
      ],
      ['another EMAID in the message', await signedWith({ emaid: 'DEPPLC99999999' }), /: .*eMAID/],
      ['no EMAID in the message', await signedWith({ emaid: '' }), /: .*eMAID/],
      [
        'a CA',
        await signedWith({ contractChain: chainOf(await contract({ profile: 'subCa2' })) }),
        /^contractCertificate : is a CA/,
      ],
      [
        'an unknown root',
        await signedWith({ contractChain: chainOf(strange, stranger) }),
        /^contractSubCa1Certificate : .*MO or V2G/,
      ],
      [
        'garbage as contract',
        await signedWith({ contractChain: { ...chainOf(strange), certificate: garbage } }),
        /^contractCertificate : DER/,
      ],
      [
        'garbage as sub CA',
        await signedWith({ contractChain: { ...chainOf(strange), subCa2: garbage } }),
        /^contractCertificate chain : DER/,
      ],
      [
        'garbage as CPS',
        await signedWith({ provisioningChain: { ...chainOf(strange), certificate: garbage } }),
        /^cpsCertificate : DER/,
      ],
      [
        'no sub CA',
        await tampered(good, { ContractSignatureCertChain: { Id: 'id1', Certificate: longer.Certificate } }),
        /^contractCertificate : comes with one or two sub CA certificates/,
      ],
      [
        'three sub CAs',
        await tampered(good, { ContractSignatureCertChain: { ...longer, SubCertificates: { Certificate: more } } }),
        /^contractCertificate : comes with one or two sub CA certificates/,
      ],
      [
        'a short envelope',
        await signedWith({ encryptedPrivateKey: new Uint8Array(47) }),
        /^contractSignatureEncryptedPrivateKey : /,
      ],
      [
        'a long envelope',
        await signedWith({ encryptedPrivateKey: new Uint8Array(94) }),
        /^contractSignatureEncryptedPrivateKey : /,
      ],
      [
        'a DH key that is not on the curve',
        await signedWith({ dhPublicKey: offCurve }),
        /^dHpublickey : .*not a point on/,
      ],
      ['a failure', await signedWith({ responseCode: 'FAILED' }), /ResponseCode/],
      [
        'a failure of another kind',
        await signedWith({ responseCode: 'FAILED_NoCertificateAvailable' }),
        /ResponseCode/,
      ],
    ];
    await expectRefused(
      server,
      cases.flatMap(([title, document, names]) => refused(title, document, names)),
    );
  });

  test('fail/other messages', async () => {
    const request = await signCertificateInstallationReq({
      sessionId: Uint8Array.of(1),
      provisioningCertificate: samples.car.certificate,
      roots: [samples.car.root],
      signer: softwareSigner(samples.car.key.privateKey),
    });
    const update = await signCertificateUpdateRes({ ...good, retryCounter: 0 });
    const names =
      /^(certificateInstallationRes|signedContractDataXML) : holds .* where a CertificateInstallationRes is expected/;
    const exi = encode(iso15118_2, await signedWith());
    const [opnc] = carriers;
    const [example] = examples.filter(({ name }) => name === opnc?.name);
    if (example === undefined) throw new Error('no example');
    await expectRefused(
      server,
      [
        ...refused('a request', request.document, names),
        ...refused('an update', update.document, names),
        ...[1, 10, 500, exi.length - 1].map((length) => exi.subarray(0, length)),
        ...[Buffer.concat([exi, Uint8Array.of(0)]), new Uint8Array(100_000)],
      ].map((entry) =>
        'call' in entry
          ? entry
          : {
              title: `${entry.length} octets`,
              call: callOf({ ...example, body: { ...example.body, certificateInstallationRes: base64(entry) } }),
              text: 'EXI format is invalid!',
              names: 'certificateInstallationRes : ',
            },
      ),
    );
  });

  test('ok/good data in both forms', async () => {
    for (const { name, call: sent } of carried(await signedWith())) {
      expect({ name, ...(await call(server.url, sent)) }).toMatchObject({ name, status: 201, text: '' });
    }
  });
});
