import { writeFile } from 'node:fs/promises';
import type { CurveName } from '@plugpool/iso15118';
import { CommandFailure, UsageError } from './command.ts';
import { bringKeys, type KeyFiles } from './conformance/brought-keys.ts';
import { credentialsOf, noCredentials } from './conformance/credentials.ts';
import type { ConformanceDialect } from './conformance/dialect.ts';
import { opcp, quickstart } from './conformance/opcp.ts';
import { opnc } from './conformance/opnc.ts';
import { findingText, junitOf, totalsOf, totalsText } from './conformance/report.ts';
import { type Finding, runChecks } from './conformance/run-checks.ts';
import { spokenDialects } from './conformance/spoken-dialects.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, providerIdOption, wholeNumber, wmiOption } from './options.ts';
import { paintFor } from './paint.ts';
import { credentialOptions, credentialUsage, roleTokens } from './role-credentials.ts';

export const usage = `Usage: plugpool conformance URL [OPTIONS]

Checks an ecosystem from outside, ours or another one: what an OEM, an eMSP and a charging station operator may expect
of an OPNC or OPCP server. It makes vehicles and contracts there, so name a test system. Ends with 1 when a check failed.

  --dialect DIALECT         opnc, opcp, quickstart, or all that the server speaks (default)
  --edition EDITION         ISO15118-2, ISO15118-20 (on secp521r1), or all that the server has roots for (default)
  --only ID                 checks whose id begins so: installation/, vehicles/publish, …
${credentialUsage}  --wmi WMI                 of the vehicles that are made (WMI)
  --provider-id ID          of the contracts that are made (DEPPL)
  --vehicle-chain FILE      a vehicle certificate with its sub CAs (PEM), where the server issues none,
  --vehicle-key FILE        and its key; it is published and removed again
  --contract-chain FILE     the same for a contract certificate
  --contract-key FILE
  --timeout SECONDS         for each call (10)
  --json                    one JSON object instead of text
  --junit FILE              write a report for build servers as well
`;

const options = {
  dialect: { type: 'string', default: 'all' },
  edition: { type: 'string', default: 'all' },
  only: { type: 'string', default: '' },
  ...credentialOptions,
  wmi: { type: 'string', default: 'WMI' },
  'provider-id': { type: 'string', default: 'DEPPL' },
  'vehicle-chain': { type: 'string' },
  'vehicle-key': { type: 'string' },
  'contract-chain': { type: 'string' },
  'contract-key': { type: 'string' },
  timeout: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  junit: { type: 'string' },
} as const;

const dialects: readonly ConformanceDialect[] = [opnc, opcp, quickstart];
const curves: Readonly<Record<string, CurveName>> = { 'ISO15118-2': 'secp256r1', 'ISO15118-20': 'secp521r1' };

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw new UsageError('name one URL');
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new UsageError(`"${address}" is not an http or https URL`);
  }
  const url = address.replace(/\/+$/, '');
  const timeoutMilliseconds = 1000 * wholeNumber(values.timeout, 'timeout', { min: 1, max: 600 });
  const dialect = oneOf(values.dialect, '--dialect', ['all', 'opnc', 'opcp', 'quickstart']);
  const edition = oneOf(values.edition, '--edition', ['all', 'ISO15118-2', 'ISO15118-20']);
  const { credentials: file } = values;
  const credentials =
    file === undefined
      ? noCredentials
      : credentialsOf(file, await roleTokens(file, { url, tokenUrl: values['token-url'], timeoutMilliseconds }));
  const brought = await bringKeys(
    filesOf('vehicle', values['vehicle-chain'], values['vehicle-key']),
    filesOf('contract', values['contract-chain'], values['contract-key']),
  );
  const campaign = {
    url,
    timeoutMilliseconds,
    credentials,
    wmi: wmiOption(values.wmi),
    providerId: providerIdOption(values['provider-id']),
    brought,
    only: values.only,
  };
  const asked = dialect === 'all' ? dialects : dialects.filter(({ name }) => name === dialect);
  const spoken = await spokenDialects(campaign, asked);
  if (spoken.dialects.length === 0) throw new CommandFailure(`${url} answers in none of the dialects: ${spoken.why}`);
  const ownCurve = brought.vehicle?.certificate.publicKey.curve;
  const wanted = Object.entries(curves).flatMap(([name, curve]) => {
    const has = ownCurve === undefined ? edition === name || spoken.rootCurves.has(curve) : ownCurve === curve;
    return has && (edition === 'all' || edition === name) ? [curve] : [];
  });
  const tell = values.json ? () => undefined : teller(io);
  const findings = await runChecks({ ...campaign, dialects: spoken.dialects, curves: wanted }, tell);
  if (values.junit !== undefined) await writeReport(values.junit, junitOf(url, findings));
  if (values.json) io.stdout.write(`${JSON.stringify({ url, ...totalsOf(findings), checks: findings })}\n`);
  else io.stdout.write(totalsText(findings));
  return totalsOf(findings).failed === 0 ? 0 : 1;
}

function filesOf(what: string, chain: string | undefined, key: string | undefined): KeyFiles | undefined {
  if (chain === undefined && key === undefined) return undefined;
  if (chain === undefined || key === undefined) {
    throw new UsageError(`--${what}-chain and --${what}-key belong together`);
  }
  return { chain, key };
}

/** Tells each finding as it comes, under a heading for each dialect and edition. */
function teller(io: Io): (finding: Finding) => void {
  const paint = paintFor(io);
  let heading = '';
  return (finding) => {
    const of = `${finding.dialect}, ${finding.edition}`;
    if (of !== heading) io.stdout.write(`${heading === '' ? '' : '\n'}${paint.strong(of)}\n`);
    heading = of;
    io.stdout.write(findingText(finding, paint));
  };
}

async function writeReport(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(`${file} cannot be written: ${why}`, { cause });
  }
}
