/** One life, told step by step. */
import { opncClient } from '@plugpool/client';
import { formatName } from '@plugpool/iso15118';
import { CommandFailure } from '../command.ts';
import type { Io } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { describeFailure, type FailureDescription, failureText } from './failure.ts';
import { gatherSurroundings, type Identifiers, type Mode, type Outcome, playLife, randomIdentifiers } from './life.ts';
import { type PlayedStep, recorder } from './played-step.ts';
import { saveFiles } from './saved-files.ts';

export interface DemoOptions {
  readonly url: string;
  readonly mode: Mode;
  readonly asJson: boolean;
  readonly timeoutMilliseconds: number;
  readonly saveTo: string | undefined;
}

export async function playOneLife(options: DemoOptions, io: Io): Promise<number> {
  const { url, mode, asJson, timeoutMilliseconds, saveTo } = options;
  const identifiers = randomIdentifiers();
  const paint = paintFor(io);
  const steps: PlayedStep[] = [];
  const { play, observe } = recorder((step) => {
    steps.push(step);
    if (!asJson) io.stdout.write(stepText(step, steps.length, paint));
  });
  if (!asJson) io.stdout.write(heading(options, identifiers, paint));
  const client = opncClient({ baseUrl: url, observe, timeoutMilliseconds });
  let outcome: Outcome | undefined;
  let failure: FailureDescription | undefined;
  try {
    outcome = await playLife(client, await gatherSurroundings(client, play), { ...identifiers, mode }, play);
  } catch (error) {
    failure = describeFailure(error, url);
  }
  const hints = outcome !== undefined && saveTo !== undefined ? await saving(saveTo, outcome) : [];
  if (asJson) io.stdout.write(`${JSON.stringify(demoJson(options, identifiers, steps, outcome, failure))}\n`);
  else if (outcome !== undefined) io.stdout.write(outcomeText(outcome, steps, paint) + hintsText(saveTo, hints));
  if (failure !== undefined && !asJson) io.stderr.write(failureText(failure));
  return failure === undefined ? 0 : 1;
}

async function saving(directory: string, outcome: Outcome): Promise<string[]> {
  try {
    return await saveFiles(directory, outcome);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new CommandFailure(`${directory} cannot be written: ${cause.message}`, { cause });
  }
}

function hintsText(directory: string | undefined, hints: readonly string[]): string {
  return hints.length === 0 ? '' : `\nSaved to ${directory}. Try:\n${hints.map((hint) => `  ${hint}\n`).join('')}`;
}

function heading({ url, mode }: DemoOptions, { pcid, emaid }: Identifiers, paint: Paint): string {
  const how = mode === 'sign' ? 'keys of the eMSP, signed by the CPS' : 'keys and signature by the ecosystem';
  return `${paint.strong('The life of a contract')} at ${url}, ISO 15118-2, ${how}\nPCID ${pcid}, EMAID ${emaid}\n\n`;
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

function outcomeText({ contract, vehicleCertificate }: Outcome, steps: readonly PlayedStep[], paint: Paint): string {
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0);
  const rows = [
    ['contract', contract.contractCertificate],
    ['vehicle', vehicleCertificate],
    ['CPS', contract.cpsCertificate],
    ['V2G root', contract.cpsRoot],
  ] as const;
  return [
    `\n${paint.good('The car recovered the contract key; it is that of the contract certificate.')}\n`,
    ...rows.map(([name, { subject, fingerprint }]) => `  ${name.padEnd(8)}  ${fingerprint}  ${formatName(subject)}\n`),
    `${steps.length} steps in ${milliseconds.toFixed(0)} ms\n`,
  ].join('');
}

function demoJson(
  { url, mode }: DemoOptions,
  identifiers: Identifiers,
  steps: readonly PlayedStep[],
  outcome: Outcome | undefined,
  failure: FailureDescription | undefined,
) {
  return {
    url,
    edition: 'ISO15118-2',
    mode,
    ...identifiers,
    steps: steps.map(({ role, name, milliseconds, exchanges, failed }) => ({
      role,
      step: name,
      milliseconds,
      failed,
      exchanges,
    })),
    proven: outcome !== undefined,
    fingerprints: outcome && {
      contract: outcome.contract.contractCertificate.fingerprint,
      vehicle: outcome.vehicleCertificate.fingerprint,
      cps: outcome.contract.cpsCertificate.fingerprint,
      v2gRoot: outcome.contract.cpsRoot.fingerprint,
    },
    failure,
  };
}
