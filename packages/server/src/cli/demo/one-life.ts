/** One life, told step by step. */
import {
  editionsOf,
  gatherSurroundings,
  type Identifiers,
  type Issuers,
  type LifeEdition,
  type Mode,
  type Outcome,
  type PlayedStep,
  playLife,
  randomIdentifiers,
  recorder,
} from '@plugpool/client';
import { formatName } from '@plugpool/iso15118';
import { CommandFailure } from '../command.ts';
import type { Io } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { type Cast, demoActors } from './demo-actors.ts';
import { describeFailure, type FailureDescription, failureText } from './failure.ts';
import { saveFiles } from './saved-files.ts';

export interface DemoOptions extends Cast {
  readonly url: string;
  readonly edition: LifeEdition;
  /** Whose car and contracts; those of the demo when left out. */
  readonly issuers: Issuers | undefined;
  readonly mode: Mode;
  readonly asJson: boolean;
  readonly timeoutMilliseconds: number;
  readonly saveTo: string | undefined;
}

/** What happens is told as it happens: no call is made twice. */
export const retries = { times: 0 } as const;

export async function playOneLife(options: DemoOptions, io: Io): Promise<number> {
  const { url, dialect, edition, mode, asJson, timeoutMilliseconds, saveTo } = options;
  const identifiers = randomIdentifiers(edition, dialect, options.issuers);
  const paint = paintFor(io);
  const steps: PlayedStep[] = [];
  const { play, observe } = recorder((step) => {
    steps.push(step);
    if (!asJson) io.stdout.write(stepText(step, steps.length, paint));
  });
  if (!asJson) io.stdout.write(heading(options, identifiers, paint));
  const client = demoActors(options, { baseUrl: url, observe, timeoutMilliseconds, retries });
  let outcomes: readonly Outcome[] = [];
  let failure: FailureDescription | undefined;
  try {
    const surroundings = await gatherSurroundings(client, editionsOf(edition), play);
    outcomes = await playLife(client, surroundings, { ...identifiers, mode }, play);
  } catch (error) {
    failure = describeFailure(error, url);
  }
  const hints = outcomes.length > 0 && saveTo !== undefined ? await saving(saveTo, outcomes) : [];
  if (asJson) io.stdout.write(`${JSON.stringify(demoJson(options, identifiers, steps, outcomes, failure))}\n`);
  else if (outcomes.length > 0) io.stdout.write(outcomeText(outcomes, steps, paint) + hintsText(saveTo, hints));
  if (failure !== undefined && !asJson) io.stderr.write(failureText(failure));
  return failure === undefined ? 0 : 1;
}

async function saving(directory: string, outcomes: readonly Outcome[]): Promise<string[]> {
  try {
    return await saveFiles(directory, outcomes);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new CommandFailure(`${directory} cannot be written: ${cause.message}`, { cause });
  }
}

function hintsText(directory: string | undefined, hints: readonly string[]): string {
  return hints.length === 0 ? '' : `\nSaved to ${directory}. Try:\n${hints.map((hint) => `  ${hint}\n`).join('')}`;
}

const titles: Readonly<Record<LifeEdition, string>> = {
  'ISO15118-2': 'ISO 15118-2',
  'ISO15118-20': 'ISO 15118-20',
  both: 'ISO 15118-2 and ISO 15118-20 in one car',
};

function heading({ url, edition, mode }: DemoOptions, { pcid, emaids }: Identifiers, paint: Paint): string {
  const [first, ...others] = emaids;
  const title = paint.strong('The life of a contract');
  const how = mode === 'sign' ? 'keys of the eMSP, signed by the CPS' : 'keys and signature by the ecosystem';
  const more = others.map((emaid) => `, and ${emaid}`).join('');
  return `${title} at ${url}, ${titles[edition]}, ${how}\nPCID ${pcid}, EMAID ${first}${more}\n\n`;
}

function stepText({ role, text, milliseconds, exchanges, failed }: PlayedStep, number: number, paint: Paint): string {
  const time = `${milliseconds.toFixed(1).padStart(7)} ms`;
  const lines = exchanges.map(({ method, path, status, sentOctets, receivedOctets }) => {
    const sizes = `${sentOctets} octets sent, ${receivedOctets} received`;
    return `${' '.repeat(23)}${paint.faint(`${method} ${path} → ${status}, ${sizes}`)}\n`;
  });
  const mark = failed ? ` ${paint.bad('failed')}` : '';
  return [`${String(number).padStart(2)}  ${role.padEnd(6)} ${time}  ${text}${mark}\n`, ...lines].join('');
}

function outcomeText(outcomes: readonly Outcome[], steps: readonly PlayedStep[], paint: Paint): string {
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0);
  const count = outcomes.reduce((sum, { contracts }) => sum + contracts.length, 0);
  const proof =
    count === 1
      ? 'The car recovered the contract key; it is that of the contract certificate.'
      : `The car recovered the keys of ${count} contracts; each is that of its contract certificate.`;
  return [
    `\n${paint.good(proof)}\n`,
    ...outcomes.flatMap(certificateRows),
    `${steps.length} steps in ${milliseconds.toFixed(0)} ms\n`,
  ].join('');
}

function certificateRows({ contracts, vehicleCertificate }: Outcome): string[] {
  const [{ cpsCertificate, cpsRoot }] = contracts;
  const rows = [
    ...contracts.map(({ contractCertificate }) => ['contract', contractCertificate] as const),
    ['vehicle', vehicleCertificate],
    ['CPS', cpsCertificate],
    ['V2G root', cpsRoot],
  ] as const;
  return rows.map(
    ([name, { subject, fingerprint }]) => `  ${name.padEnd(8)}  ${fingerprint}  ${formatName(subject)}\n`,
  );
}

function demoJson(
  { url, dialect, edition, mode }: DemoOptions,
  { pcid, emaids }: Identifiers,
  steps: readonly PlayedStep[],
  outcomes: readonly Outcome[],
  failure: FailureDescription | undefined,
) {
  const contracts = outcomes.flatMap(contractsJson);
  return {
    url,
    dialect,
    edition,
    mode,
    pcid,
    emaid: emaids[0],
    steps: steps.map(({ role, name, milliseconds, exchanges, failed }) => ({
      role,
      step: name,
      milliseconds,
      failed,
      exchanges: exchanges.map(({ sent: _sent, received: _received, ...figures }) => figures),
    })),
    proven: outcomes.length > 0,
    fingerprints: contracts[0]?.fingerprints,
    contracts,
    failure,
  };
}

function contractsJson({ edition, contracts, vehicleCertificate }: Outcome) {
  return contracts.map(({ emaid, remaining, contractCertificate, cpsCertificate, cpsRoot }) => ({
    edition,
    emaid,
    remaining,
    fingerprints: {
      contract: contractCertificate.fingerprint,
      vehicle: vehicleCertificate.fingerprint,
      cps: cpsCertificate.fingerprint,
      v2gRoot: cpsRoot.fingerprint,
    },
  }));
}
