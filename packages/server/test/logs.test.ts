/**
 * What is in no log and in no trace: a server is used at the most talkative level, rightly and wrongly, and all that was
 * secret or personal is looked for.
 */

import { describe, expect, onTestFinished, test } from 'vitest';
import { sql } from '../src/store/query-builder.ts';
import { at, type Call, call, DIALECTS, opcp, opnc } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { codeAt } from './one-time-code.ts';
import { type Car, callOf, publishedCar, samplesOn, sealedContract } from './operations.ts';
import { enrolledOperator, PASSWORD } from './operators.ts';
import { askToken, partyWithToken, type TestParty } from './parties.ts';
import { addPeer, answering, falsePeer } from './peers.ts';
import { base64, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer } from './running-server.ts';
import { sessionBrowser } from './session-browser.ts';
import { startCollector } from './trace-collector.ts';
import { eventually, register, startReceiver } from './webhook-receiver.ts';

const SESSION = Uint8Array.of(0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18);

describe.each(eachServer())('the log and the traces of a server on $kind', ({ start }) => {
  test('ok/neither cars, contracts and persons nor secrets, tokens and keys are in them', async () => {
    const lines: string[] = [];
    const collector = await startCollector();
    const open = await start({ ...collector.settings(), logged: (line) => lines.push(line) });
    const server = await open.beside({ auth: 'oauth2' });
    const operator = await partyWithToken(server, { roles: ['operator'] });
    const stranger = await partyWithToken(server, { roles: ['oem'], identifiers: { wmi: ['ZZZ'] } });
    const personal: string[] = [];
    const secret: string[] = [PASSWORD, ...[operator, stranger].flatMap(secretsOf)];

    const told = await startReceiver(({ body }, response) => response.writeHead(400).end(body));
    const enabledEvents = ['oem.contract.created', 'mo.contract.created.sent.to.oem', 'mo.prov.cert.deleted'];
    const endpoints = [
      await register(open.url, { url: told.url, enabledEvents }),
      await register(open.url, { url: 'http://127.0.0.1:9/', enabledEvents }, 'opnc'),
    ];
    secret.push(...endpoints.map((endpoint) => endpoint.secret));
    const [pcid, emaid] = [randomPcid('WPX'), randomEmaid()];
    personal.push(pcid, emaid);
    const peer = await falsePeer(answering(400, { errorMessages: [`${pcid} is not known, nor is ${emaid}`] }));
    await addPeer(open, peer.url);

    for (const dialect of DIALECTS) {
      const { car, contract } = await life(open.url, server.url, operator, dialect);
      personal.push(car.pcid, contract.emaid);
      secret.push(...[car, contract.contract].flatMap(keysOf));
      const wrong = (asked: Call, { headers }: Pick<TestParty, 'headers'> = operator) =>
        call(server.url, { ...asked, headers: { ...asked.headers, ...headers } });
      await wrong(dialect.vehicle(car.pcid), stranger);
      await wrong(dialect.vehicle(pcid));
      await wrong(dialect.withdraw(emaid));
      await wrong(dialect.vehicle(`${car.pcid}%00`));
      await wrong({ method: 'GET', path: `/v1/oem/provCertz/${car.pcid}/${contract.emaid}?emaid=${contract.emaid}` });
      await wrong({ method: 'PATCH', path: dialect.vehicle(car.pcid).path });
      await wrong({ method: 'GET', path: `/v1/oem/%zz/${car.pcid}` });
      await wrong({ method: 'PUT', path: dialect.publish(car).path, body: `{"pcid":"${car.pcid}",` });
      const { path, body } = dialect.sign(contract);
      await wrong({ method: 'PUT', path, body: JSON.stringify(body).replaceAll(contract.emaid, emaid) });
      await wrong({ method: 'PUT', path, body: { ...Object(body), pcid, xsdMsgDefNamespace: car.pcid } });
      await wrong(dialect.install((await installationReq(car, [car.root], SESSION)).subarray(9)));
    }
    const provide = `/opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}?sessionID=${Buffer.from(SESSION).toString('hex')}FF`;
    await call(server.url, { method: 'GET', path: provide, headers: operator.headers });

    const samples = {
      opnc: await samplesOn(open.url),
      opcp: await samplesOn(open.url),
      quickstart: await samplesOn(open.url),
    };
    for (const { car, data } of Object.values(samples)) {
      personal.push(car.pcid, data.emaid);
      secret.push(...[car, data.contract].flatMap(keysOf));
    }
    for (const example of examplesOf(samples)) {
      const asked = callOf(example);
      await call(server.url, { ...asked, headers: { ...asked.headers, ...operator.headers } });
    }

    await (await askToken(server.url, { ...operator, clientSecret: `${operator.clientSecret}x` })).text();
    const basic = `Basic ${Buffer.from(`${operator.clientId}:${operator.clientSecret}y`).toString('base64')}`;
    await call(server.url, { method: 'POST', path: '/oauth/token', headers: { authorization: basic } });
    await call(server.url, { ...opcp.roots, headers: { authorization: `${operator.headers.authorization}x` } });
    const broken = `{"client_secret":"${operator.clientSecret}"`;
    await call(server.url, { method: 'POST', path: '/oauth/token', body: broken });
    const { name, secret: seed, browser } = await enrolledOperator(server, 'anna.meier@example.org');
    personal.push(name);
    secret.push(seed, String(browser.csrfToken), ...browser.cookies.values());
    const signIn = { name, password: `${PASSWORD}?`, code: codeAt(seed, Date.now()) };
    await sessionBrowser(server.url).send('POST', '/admin/v1/session', { body: signIn });

    await sql`alter table vehicle rename to vehicle_elsewhere`.execute(server.store.db);
    onTestFinished(async () => {
      await sql`alter table vehicle_elsewhere rename to vehicle`.execute(server.store.db);
    });
    const failed = await call(server.url, { ...opnc.vehicle(pcid), headers: operator.headers });
    expect(failed.status).toBe(500);

    await eventually(() => expect(messagesIn(lines)).toContain('a webhook was not taken'));
    expect(messagesIn(lines)).toEqual(
      expect.arrayContaining(['answered', 'refused', 'a peer gave no good answer', 'failed']),
    );
    const sent = () => collector.posted.map(({ body }) => body.toString('utf8')).join('');
    await eventually(() => {
      expect(sent()).toContain(String(failed.headers.get('x-trace-id')));
      expect(sent()).toContain('webhook deliver');
      expect(sent()).toContain('peer vehicle');
    });
    const log = lines.join('');
    for (const text of [log, sent()]) {
      const plain = text.toUpperCase().replaceAll('-', '');
      for (const each of [...personal, Buffer.from(SESSION).toString('hex')])
        expect(plain).not.toContain(each.toUpperCase());
      for (const each of secret) expect(text).not.toContain(each);
      expect(text).not.toMatch(/PRIVATE KEY|MII[A-Za-z0-9+/]{20}/i);
    }
    expect(log).not.toMatch(/client_secret|authorization/i);

    const line = lines.map((each) => JSON.parse(each)).find(({ traceId }) => traceId === at(failed.json, 'traceId'));
    expect(line).toMatchObject({ msg: 'failed', err: { message: expect.stringContaining('vehicle') } });
    const answered = lines.map((each) => JSON.parse(each)).filter(({ path }) => path === '/v1/oem/provCerts/:pcid');
    expect(answered).toContainEqual(expect.objectContaining({ pcid: `…${pcid.slice(-4)}`, status: 404 }));
    expect(log).toContain('"path":"/v1/oem/…/…/…"');
    const span = collector.spans().find(({ attributes }) => attributes['plugpool.request_id'] === at(line, 'traceId'));
    expect(span).toMatchObject({ traceId: at(line, 'trace_id'), failed: true, attributes: { 'error.type': '500' } });
  });
});

/** From the car to the contract in it, and both are left in the pools. */
async function life(open: string, url: string, { headers }: TestParty, dialect: (typeof DIALECTS)[number]) {
  const good = async (asked: Call) => {
    const answer = await call(url, { ...asked, headers: { ...asked.headers, ...headers } });
    expect(answer.status, answer.text).toBeLessThan(300);
  };
  const car: Car = await publishedCar(open);
  await good(dialect.publish(car));
  await good(dialect.vehicle(car.pcid.toLowerCase()));
  const contract = await sealedContract(open, car);
  await good(dialect.sign(contract));
  await good(dialect.install(await installationReq(car, [car.root], SESSION)));
  const other = await sealedContract(open, car);
  await good(dialect.sign({ ...other, ...sealedFor(car.certificate, other.contract) }));
  await good(dialect.withdraw(`${other.emaid.slice(0, 2)}-${other.emaid.slice(2, 5)}-${other.emaid.slice(5)}`));
  return { car, contract };
}

function secretsOf({ clientSecret, headers }: TestParty): string[] {
  const token = headers.authorization.replace('Bearer ', '');
  return [clientSecret, token, token.split('.')[2] ?? token];
}

/** The private key as it would be written, and the certificate. */
function keysOf({ key, certificate }: Leaf): string[] {
  const octets = key.privateKey.export({ format: 'der', type: 'pkcs8' });
  return [
    base64(octets),
    base64(octets.subarray(36, 66)),
    octets.subarray(36, 68).toString('hex'),
    base64(certificate.der),
  ];
}

function messagesIn(lines: readonly string[]): unknown[] {
  return lines.map((line) => JSON.parse(line).msg);
}
