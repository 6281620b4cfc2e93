/**
 * Vehicles in any number, to try `plugpool import` with: each has a key and a certificate of its own under one root.
 *
 *   node make-fleet.ts FOLDER COUNT [BAD]
 *
 * Writes `root.pem` and `fleet.ndjson`, a vehicle a line in the fields of the OPNC, 2 kB each. BAD more lines
 * stand evenly between them that have to stay out, each for another one of six reasons in turn. PCIDs are numbered: a
 * fleet that is made again is the same vehicles with new keys.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toPem } from '@plugpool/iso15118';
import { type Authorities, authorities, vehicleCertificate } from './authorities.ts';

const DAY_MS = 86_400_000;
const LINES_AT_ONCE = 100;
const TOLD_EVERY_MS = 5_000;

const [folder = '', count, bad = '0'] = process.argv.slice(2);
const [good, wrong] = [Number(count), Number(bad)];
if (folder === '' || !Number.isSafeInteger(good) || !(good > 0) || !Number.isSafeInteger(wrong) || wrong < 0) {
  throw new Error('usage: node make-fleet.ts FOLDER COUNT [BAD]');
}

const [own, stranger] = [await authorities('Example OEM'), await authorities('Unknown OEM')];
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'root.pem'), toPem('CERTIFICATE', own.root.certificate.der));
// As fast as the disk takes it, so the memory that is needed does not grow with the fleet.
await pipeline(chunksOf(lines()), createWriteStream(join(folder, 'fleet.ndjson')));
console.log(`${good} vehicles and ${wrong} bad lines in ${join(folder, 'fleet.ndjson')}`);

async function* lines(): AsyncGenerator<string> {
  let badSoFar = 0;
  for (let number = 0; number < good; number++) {
    yield lineOf(await vehicleCertificate(pcidOf('FLEET', number), own.subCa2), own);
    for (; badSoFar < Math.floor(((number + 1) * wrong) / good); badSoFar++) yield await badLine(badSoFar);
  }
}

function pcidOf(kind: 'FLEET' | 'WRONG', number: number): string {
  return `WPP${kind}${String(number).padStart(9, '0')}`;
}

function lineOf(certificate: Uint8Array, { subCa1, subCa2 }: Authorities): string {
  const chain = {
    certificate: base64(certificate),
    subCa1Certificate: base64(subCa1.certificate.der),
    subCa2Certificate: base64(subCa2.certificate.der),
  };
  return `${JSON.stringify({ provisioningCertificateChain: chain })}\n`;
}

/** What comes in files of real fleets, one after the other. */
async function badLine(number: number): Promise<string> {
  const pcid = pcidOf('WRONG', number);
  const now = Date.now();
  switch (number % 6) {
    case 0: // expired
      return lineOf(
        await vehicleCertificate(pcid, own.subCa2, { notBefore: now - 2 * DAY_MS, notAfter: now - DAY_MS }),
        own,
      );
    case 1: // under a root that nobody added
      return lineOf(await vehicleCertificate(pcid, stranger.subCa2), stranger);
    case 2: // no PCID
      return lineOf(await vehicleCertificate(`WPP${number}`, own.subCa2), own);
    case 3: // signed by somebody else in the name of the OEM
      return lineOf(await vehicleCertificate(pcid, { ...own.subCa2, signer: stranger.subCa2.signer }), own);
    case 4: // no certificate
      return lineOf(Buffer.from(pcid), own);
    default: // broken off
      return `${lineOf(await vehicleCertificate(pcid, own.subCa2), own).slice(0, 1_000)}\n`;
  }
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64');
}

/** Several lines in one write, and now and then how far it is, on standard error. */
async function* chunksOf(each: AsyncIterable<string>): AsyncGenerator<string> {
  const started = performance.now();
  let [done, told, chunk] = [0, started, [] as string[]];
  for await (const line of each) {
    chunk.push(line);
    done++;
    if (chunk.length < LINES_AT_ONCE) continue;
    yield chunk.join('');
    chunk = [];
    if (performance.now() - told < TOLD_EVERY_MS) continue;
    told = performance.now();
    const rate = (done / (told - started)) * 1000;
    const left = Math.ceil((good + wrong - done) / rate);
    console.error(`${done} of ${good + wrong}, ${Math.round(rate)}/s, ${left} s left`);
  }
  yield chunk.join('');
}
