import { type Issuers, lifeDialects, lifeEditions } from '@plugpool/client';
import { UsageError } from './command.ts';
import { playManyLives } from './demo/many-lives.ts';
import { playOneLife } from './demo/one-life.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, providerIdOption, wholeNumber, wmiOption } from './options.ts';
import { credentialOptions, credentialUsage, type RoleTokens, roleTokens } from './role-credentials.ts';

const defaultUrl = 'http://127.0.0.1:8080';

export const usage = `Usage: plugpool demo [URL] [OPTIONS]

Plays the whole life of a contract over HTTP against the ecosystem at URL (${defaultUrl}): a car is enrolled and
published, a contract made and signed for it, the car asks for it, checks it and proves that it holds the contract's
key. Every run makes a new car and a new contract.

  --mode sign|generate      sign (default): the eMSP makes the keys; generate: the ecosystem does
  --dialect DIALECT         opnc (default), opcp or quickstart; the last has one contract a car, which the eMSP makes
  --edition EDITION         ISO15118-2 (default); ISO15118-20: a car on secp521r1 with three contracts, two of which it
                            asks for in the order it wants; both: one car of both editions under one PCID
  --count N                 N lives, with a progress bar and a table of times
  --concurrency N           so many at the same time (8)
${credentialUsage}  --wmi WMI                 of the car (WPP)
  --provider-id ID,ID       of its contracts: the first one's, and that of all others (DEPPL,NLPPM)
  --timeout SECONDS         for each call (10)
  --save DIR                write certificates and messages of the life to files; not with --count
  --json                    one JSON object instead of text
`;

const knownOptions = {
  mode: { type: 'string', default: 'sign' },
  dialect: { type: 'string', default: 'opnc' },
  edition: { type: 'string', default: 'ISO15118-2' },
  count: { type: 'string' },
  concurrency: { type: 'string', default: '8' },
  ...credentialOptions,
  wmi: { type: 'string', default: 'WPP' },
  'provider-id': { type: 'string', default: 'DEPPL,NLPPM' },
  timeout: { type: 'string', default: '10' },
  save: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, knownOptions);
  const [url = defaultUrl, ...more] = positionals;
  if (more.length > 0) throw new UsageError('name one URL');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError(`"${url}" is not an http or https URL`);
  const [ownId = '', ...otherIds] = values['provider-id'].split(',');
  const demo = {
    url: url.replace(/\/+$/, ''),
    issuers: {
      wmi: wmiOption(values.wmi),
      providerIds: [providerIdOption(ownId), ...otherIds.map(providerIdOption)],
    } satisfies Issuers,
    dialect: oneOf(values.dialect, '--dialect', lifeDialects),
    edition: oneOf(values.edition, '--edition', lifeEditions),
    mode: oneOf(values.mode, '--mode', ['sign', 'generate']),
    asJson: values.json,
    timeoutMilliseconds: 1000 * wholeNumber(values.timeout, 'timeout', { min: 1, max: 600 }),
    saveTo: values.save,
  };
  if (demo.dialect === 'quickstart' && demo.mode === 'generate')
    throw new UsageError('the quick start generates nothing');
  const concurrency = wholeNumber(values.concurrency, 'concurrency', { min: 1, max: 1000 });
  const options = { ...demo, tokens: await tokensIn(values.credentials, values['token-url'], demo) };
  if (values.count === undefined) return await playOneLife(options, io);
  if (values.save !== undefined) throw new UsageError('--save is for one life, without --count');
  const count = wholeNumber(values.count, 'count', { min: 1, max: 10_000_000 });
  return await playManyLives({ ...options, count, concurrency }, io);
}

async function tokensIn(
  file: string | undefined,
  tokenUrl: string | undefined,
  { url, timeoutMilliseconds }: { readonly url: string; readonly timeoutMilliseconds: number },
): Promise<RoleTokens | undefined> {
  return file === undefined ? undefined : await roleTokens(file, { url, tokenUrl, timeoutMilliseconds });
}
