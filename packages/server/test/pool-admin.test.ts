/** The pools as operators see and change them over /admin/v1, against a server in which a contract was lived through. */
import { X509Certificate } from 'node:crypto';
import { decode, fromJson, iso15118_2 } from '@plugpool/exi';
import { emaidCheckDigit, readCertificate, toPem } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readAudit } from '../src/access/audit-reading.ts';
import { at, type Call, call, list, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { issue } from './own-pki.ts';
import { partyWithToken } from './parties.ts';
import { base64, enrol, installationReq, randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { startReceiver } from './webhook-receiver.ts';

describe.each(eachServer())('pools for operators on $kind', ({ start }) => {
  let server: TestServer;
  let car: Car;
  let emaid: string;

  const ask = (path: string, method = 'GET', body?: unknown) =>
    call(server.url, { method, path: `/admin/v1/${path}`, ...(body !== undefined && { body }) });
  const found = async (path: string, field: string) =>
    list(at((await ask(path)).json, 'items')).map((item) => at(item, field));

  beforeAll(async () => {
    server = await start();
    car = await publishedCar(server.url);
    emaid = randomEmaid();
    const signed = await call(server.url, opnc.sign(await sealedContract(server.url, car, emaid)));
    const installed = await call(server.url, opnc.install(await installationReq(car)));
    expect([signed.status, installed.status]).toEqual([201, 200]);
    await publishedCar(server.url);
  });

  test('ok/a vehicle is found by PCID, WMI, its contract, fingerprint and serial number, in any spelling', async () => {
    const { pcid, certificate } = car;
    const colons = (hex: string) => hex.toUpperCase().match(/../g)?.join(':') ?? '';
    const spellings = [
      ...[pcid, pcid.toLowerCase(), ` ${pcid} `, pcid.slice(0, 12)],
      ...[emaid, emaid.toLowerCase(), emaid + emaidCheckDigit(emaid), withSeparators(emaid)],
      ...[certificate.fingerprint, colons(certificate.fingerprint)],
      ...[certificate.serialHex, colons(certificate.serialHex), `0x${certificate.serialHex}`],
    ];
    for (const spelling of spellings) {
      expect(await found(`vehicles?search=${encodeURIComponent(spelling)}`, 'pcid'), spelling).toEqual([pcid]);
    }
    expect(await found('vehicles?search=WMI', 'pcid')).toHaveLength(2);
    for (const nothing of ['WVW', 'ÄÖ', '%', '\u0000', 'x'.repeat(200)]) {
      const answer = await ask(`vehicles?search=${encodeURIComponent(nothing)}`);
      expect([answer.status, answer.json], nothing).toEqual([200, { items: [] }]);
    }
  });

  test('ok/a contract is found by EMAID, provider, PCID, fingerprint and serial number', async () => {
    const [shown] = list(at((await ask(`contracts?search=${emaid}`)).json, 'items'));
    const detail = (await ask(`contracts/${emaid}`)).json;
    const serial = String(at(detail, 'entries', 0, 'contractChain', 0, 'serialNumber'));
    const spellings = [emaid, withSeparators(emaid), emaid + emaidCheckDigit(emaid), emaid.slice(0, 5), 'de', car.pcid];
    for (const spelling of [...spellings, String(at(shown, 'fingerprint')), serial]) {
      expect(await found(`contracts?search=${encodeURIComponent(spelling)}`, 'emaid'), spelling).toEqual([emaid]);
    }
    expect(shown).toMatchObject({ pcid: car.pcid, edition: 'ISO15118-2', isDefault: true });
    expect(at((await ask('contracts')).json, 'count')).toEqual({ rows: 1, atLeast: false });
  });

  test('ok/pages go on where the one before ended; a cursor of nobody is refused', async () => {
    const first = await ask('vehicles?limit=1');
    const next = String(at(first.json, 'next'));
    const second = await ask(`vehicles?limit=1&cursor=${next}`);
    const shown = [first, second].map(({ json }) => at(json, 'items', 0, 'pcid'));
    expect(new Set(shown).size).toBe(2);
    expect(shown[1]).toBe(car.pcid);
    expect(second.json).not.toHaveProperty('next');
    expect(at(first.json, 'count', 'rows')).toBe(2);
    for (const cursor of ['x', 'e30', Buffer.from('["",1e99,"",""]').toString('base64url'), `${next}AAAA`]) {
      expect((await ask(`vehicles?cursor=${cursor}`)).status, cursor).toBe(400);
    }
    for (const query of [
      'state=odd',
      'edition=1',
      'limit=0',
      'limit=1000',
      'expiringDays=-1',
      'state=expired&expiringDays=3',
    ]) {
      expect((await ask(`contracts?${query}`)).status, query).toBe(400);
    }
  });

  test('ok/a vehicle with its chain from leaf to root, its contract, and what our CAs know of each', async () => {
    const { json } = await ask(`vehicles/${car.pcid.toLowerCase()}`);
    expect(json).toMatchObject({ pcid: car.pcid, contracts: [{ emaid, isDefault: true }] });
    const chain = list(at(json, 'entries', 0, 'chain'));
    const expected = [car.certificate, car.subCa2, car.subCa1, car.root];
    expect(chain.map((each) => at(each, 'fingerprint'))).toEqual(expected.map(({ fingerprint }) => fingerprint));
    expect(chain[0]).toMatchObject({ issuedHere: true, certificate: base64(car.certificate.der) });
    expect(chain[0]).not.toHaveProperty('revoked');
    const pem = await ask(`vehicles/${car.pcid}/chain.pem?edition=ISO15118-2`);
    expect(pem.text).toBe(expected.map(({ der }) => toPem('CERTIFICATE', der)).join(''));
    expect(new X509Certificate(pem.text).fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
      car.certificate.fingerprint,
    );
    expect((await ask('vehicles/WMI00000000000000')).status).toBe(404);
    expect((await ask('vehicles/WMI')).status).toBe(400);
  });

  test('ok/a contract with both chains, and its data as EXI, XML and JSON', async () => {
    const { json } = await ask(`contracts/${withSeparators(emaid)}`);
    expect(json).toMatchObject({ emaid, shownPcid: car.pcid, entries: [{ isDefault: true }] });
    const entry = at(json, 'entries', 0);
    expect(list(at(entry, 'contractChain'))).toHaveLength(4);
    expect(list(at(entry, 'cpsChain'))).toHaveLength(4);
    const exi = Buffer.from(String(at(entry, 'installationRes')), 'base64');
    const cpsRoot = String(at(entry, 'cpsRootFingerprint'));
    const file = (ending: string) =>
      fetch(`${server.url}/admin/v1/contracts/${emaid}/${ending}?edition=ISO15118-2&cpsRoot=${cpsRoot}`);
    const asExi = await file('data.exi');
    expect(asExi.headers.get('content-disposition')).toBe(`attachment; filename="${emaid}.exi"`);
    expect(Buffer.from(await asExi.arrayBuffer())).toEqual(exi);
    expect(await (await file('data.xml')).text()).toMatch(/^<\?xml[\s\S]*CertificateInstallationRes/);
    const asJson: unknown = await (await file('data.json')).json();
    expect(fromJson(iso15118_2, JSON.parse(JSON.stringify(asJson)))).toEqual(decode(iso15118_2, exi));
    expect(await (await file('chain.pem')).text()).toMatch(
      /^(?:-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n){4}$/,
    );
    expect((await ask(`contracts/${emaid}/data.exi?edition=ISO15118-20`)).status).toBe(404);
  });

  test('ok/histories tell what was done, the latest first, page by page', async () => {
    const ofContract = await wholeHistory(`contracts/${emaid}/history`);
    expect(ofContract.map((entry) => at(entry, 'what')).sort()).toEqual([
      'certificate.issue',
      'contract.deliver',
      'contract.store',
    ]);
    expect(ofContract[0]).toMatchObject({ what: 'contract.deliver', object: emaid, actor: 'sandbox' });
    const ofVehicle = (await wholeHistory(`vehicles/${car.pcid}/history`)).map((entry) => at(entry, 'what'));
    expect(ofVehicle.sort()).toEqual(['certificate.issue', 'contract.deliver', 'contract.store', 'vehicle.publish']);
    expect((await ask(`contracts/${randomEmaid()}/history`)).json).toEqual({ items: [] });
  });

  async function wholeHistory(path: string): Promise<unknown[]> {
    const entries: unknown[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await ask(`${path}?limit=1${cursor}`);
      entries.push(...list(at(json, 'items')));
      const next = at(json, 'next');
      if (next === undefined) return entries;
      cursor = `&cursor=${String(next)}`;
    }
  }

  test('ok/a contract becomes the default, is withdrawn, and its history stays', async () => {
    const own = await publishedCar(server.url);
    const [first, second] = [randomEmaid(), randomEmaid()];
    for (const each of [first, second]) await call(server.url, opnc.sign(await sealedContract(server.url, own, each)));
    expect((await ask(`contracts/${second}/default`, 'POST')).status).toBe(204);
    const contracts = list(at((await ask(`vehicles/${own.pcid}`)).json, 'contracts'));
    expect(contracts.map((each) => [at(each, 'emaid'), at(each, 'isDefault')])).toEqual([
      [second, true],
      [first, false],
    ]);
    expect((await ask(`contracts/${second}`, 'DELETE')).status).toBe(204);
    expect((await ask(`contracts/${second}`)).status).toBe(404);
    const history = await wholeHistory(`contracts/${second}/history`);
    const operations = [
      'certificate.issue',
      'certificate.revoke',
      'contract.set-default',
      'contract.store',
      'contract.withdraw',
    ];
    expect(history.map((entry) => at(entry, 'what')).sort()).toEqual(operations);
    expect((await ask(`contracts/${first}?skipRevocation=true`, 'DELETE')).status).toBe(204);
    expect((await wholeHistory(`contracts/${first}/history`)).map((entry) => at(entry, 'what'))).not.toContain(
      'certificate.revoke',
    );
    for (const [path, method] of [
      [`contracts/${first}`, 'DELETE'],
      [`contracts/${first}/default`, 'POST'],
    ] as const) {
      expect((await ask(path, method)).status, path).toBe(404);
    }
  });

  test('ok/a vehicle is reset and depublished', async () => {
    const own = await publishedCar(server.url);
    await call(server.url, opnc.sign(await sealedContract(server.url, own)));
    expect((await ask(`vehicles/${own.pcid}/contracts`, 'DELETE')).status).toBe(204);
    expect(at((await ask(`vehicles/${own.pcid}`)).json, 'contracts')).toEqual([]);
    expect((await ask(`vehicles/${own.pcid}`, 'DELETE')).status).toBe(204);
    const { json } = await ask(`vehicles/${own.pcid}/history`);
    const operations = list(at(json, 'items')).map((entry) => at(entry, 'what'));
    expect(operations).toEqual(expect.arrayContaining(['vehicle.depublish', 'vehicle.reset', 'vehicle.publish']));
    expect((await ask(`vehicles/${own.pcid}`, 'DELETE')).status).toBe(404);
  });

  test('ok/a certificate of ours is revoked, and lists and chains show it', async () => {
    const own = await publishedCar(server.url);
    const path = `certificates/${own.certificate.fingerprint}`;
    expect((await ask(path)).json).toMatchObject({ issuedHere: true, serialNumber: own.certificate.serialHex });
    const answer = await ask(`${path}/revoke`, 'POST', { reason: 'keyCompromise' });
    expect([answer.status, at(answer.json, 'revoked', 'reason')]).toEqual([200, 'keyCompromise']);
    expect(await found('vehicles?state=revoked', 'pcid')).toEqual([own.pcid]);
    expect(await found(`vehicles?state=valid&search=${own.pcid}`, 'pcid')).toEqual([]);
    expect(at((await ask(`vehicles/${own.pcid}`)).json, 'entries', 0, 'chain', 0, 'revoked', 'reason')).toBe(
      'keyCompromise',
    );
    const bad: [string, unknown, number][] = [
      [`certificates/${'0'.repeat(64)}/revoke`, { reason: 'superseded' }, 400],
      [`certificates/x/revoke`, { reason: 'superseded' }, 400],
      [`${path}/revoke`, { reason: 'because' }, 400],
      [`certificates/${own.subCa2.fingerprint}/revoke`, { reason: 'superseded' }, 400],
    ];
    for (const [where, body, status] of bad) expect((await ask(where, 'POST', body)).status, where).toBe(status);
  });

  test('ok/a charging station’s certificate is found by its name, fingerprint and serial number', async () => {
    const name = 'DE*PPL*E12345*1';
    const { certificate } = await enrol(server.url, 'cpo', name);
    for (const search of [name, name.toLowerCase(), certificate.fingerprint, certificate.serialHex]) {
      const { json } = await ask(`certificates?search=${encodeURIComponent(search)}`);
      expect(json, search).toMatchObject({
        items: [{ fingerprint: certificate.fingerprint, authority: 'cpo-sub2', issuedHere: true }],
      });
    }
    expect(await found(`certificates?search=${withSeparators(emaid)}`, 'authority')).toEqual(['mo-sub2']);
    expect((await ask('certificates?search=nobody%00')).json).toEqual({ items: [] });
    expect((await ask('certificates')).status).toBe(400);
  });

  test('ok/a root is added as PEM, shown, and removed', async () => {
    const { certificate } = await issue({ profile: 'root', commonName: 'Another root' });
    const pem = toPem('CERTIFICATE', certificate.der);
    const added = await ask('roots', 'POST', { certificate: `\n${pem}\n`, types: ['MO'] });
    const id = String(at(added.json, 'id'));
    expect(added.json).toMatchObject({ types: ['MO'], certificate: base64(certificate.der) });
    expect(
      at((await ask('roots', 'POST', { certificate: base64(certificate.der), types: ['OEM'] })).json, 'types'),
    ).toEqual(['OEM', 'MO']);
    expect((await ask(`roots/${id}`)).json).toMatchObject({ id });
    expect((await wholeHistory(`roots/${id}/history`)).map((entry) => at(entry, 'what'))).toEqual([
      'root.add',
      'root.add',
    ]);
    expect((await ask(`roots/${id}`, 'DELETE')).status).toBe(204);
    expect((await ask(`roots/${id}`)).status).toBe(404);
    const leaf = await enrol(server.url, 'oem', 'WMI12345678901234');
    for (const body of [
      { certificate: pem, types: [] },
      { certificate: 'x', types: ['MO'] },
      { certificate: base64(leaf.certificate.der), types: ['MO'] },
      {},
    ]) {
      expect((await ask('roots', 'POST', body)).status).toBe(400);
    }
    expect(readCertificate(certificate.der).fingerprint).toBe(certificate.fingerprint);
  });

  test('ok/what was told stands in the history with its deliveries, and is told again', async () => {
    const receiver = await startReceiver();
    const endpoint = { url: receiver.url, enabledEvents: ['oem.contract.created'] };
    await call(server.url, { method: 'POST', path: '/v1/webhook/endpoints', body: endpoint });
    const own = await publishedCar(server.url);
    const told = randomEmaid();
    await call(server.url, opnc.sign(await sealedContract(server.url, own, told)));
    const delivery = await vi.waitFor(
      async () => {
        const entries = await wholeHistory(`contracts/${told}/history`);
        const event = entries.find((entry) => at(entry, 'what') === 'oem.contract.created');
        expect(at(event, 'deliveries', 0)).toMatchObject({ state: 'delivered', url: receiver.url, lastStatus: 204 });
        return at(event, 'deliveries', 0);
      },
      { timeout: 10_000 },
    );
    expect((await wholeHistory(`vehicles/${own.pcid}/history`)).map((entry) => at(entry, 'what'))).toContain(
      'oem.contract.created',
    );
    expect((await ask(`webhooks/deliveries/${String(at(delivery, 'id'))}/replay`, 'POST')).status).toBe(202);
    await vi.waitFor(() => expect(receiver.received.length).toBe(2), { timeout: 10_000 });
    expect((await wholeHistory(`contracts/${told}/history`)).map((entry) => at(entry, 'what'))).toContain(
      'event.replay',
    );
    await receiver.close();
  });

  test('fail/with access control the pools are for operators, and the log says who changed them', async () => {
    const guarded = await server.beside({ auth: 'oauth2' });
    const operator = await partyWithToken(guarded, { roles: ['operator'] });
    const oem = await partyWithToken(guarded, { roles: ['oem'], identifiers: { wmi: ['WMI'] } });
    const own = await publishedCar(server.url);
    const calls: Call[] = [
      { method: 'GET', path: '/admin/v1/vehicles' },
      { method: 'GET', path: `/admin/v1/contracts/${emaid}/data.exi` },
      { method: 'GET', path: `/admin/v1/vehicles/${own.pcid}/history` },
      { method: 'DELETE', path: `/admin/v1/vehicles/${own.pcid}` },
    ];
    for (const each of calls) {
      const statuses = [
        (await call(guarded.url, each)).status,
        (await call(guarded.url, { ...each, headers: oem.headers })).status,
        (await call(guarded.url, { ...each, headers: operator.headers })).status,
      ];
      expect(statuses, each.path).toEqual([401, 403, each.method === 'DELETE' ? 204 : 200]);
    }
    const [row] = await readAudit(server.store.db, { operation: 'vehicle.depublish', object: own.pcid, limit: 1 });
    expect(row?.actor).toBe(`party:${operator.partyId}`);
  });
});

function withSeparators(emaid: string): string {
  return `${emaid.slice(0, 2)}-${emaid.slice(2, 5)}-${emaid.slice(5)}`.toLowerCase();
}
