/** Makes the checks one after the other and keeps what they find. */
import { algorithms, type CurveName } from '@plugpool/iso15118';
import type { Check } from './check.ts';
import { accessChecks } from './checks/access-checks.ts';
import { contractChecks } from './checks/contract-checks.ts';
import { httpChecks } from './checks/http-checks.ts';
import { installationChecks } from './checks/installation-checks.ts';
import { rootChecks } from './checks/root-checks.ts';
import { statusChecks } from './checks/status-checks.ts';
import { vehicleChecks } from './checks/vehicle-checks.ts';
import type { Credentials } from './credentials.ts';
import type { ConformanceDialect } from './dialect.ts';
import { probeFor } from './probe.ts';
import { CheckFailed, CheckSkipped } from './verdict.ts';
import { type BroughtKeys, World } from './world.ts';

/** What removes the vehicle comes last. */
export const allChecks: readonly Check[] = [
  ...httpChecks,
  ...rootChecks,
  ...contractChecks,
  ...installationChecks,
  ...statusChecks,
  ...accessChecks,
  ...vehicleChecks,
];

export interface Finding {
  readonly dialect: ConformanceDialect['name'];
  readonly edition: string;
  readonly id: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Empty when it passed. */
  readonly why: string;
  readonly milliseconds: number;
}

export interface Campaign {
  readonly url: string;
  readonly dialects: readonly ConformanceDialect[];
  readonly curves: readonly CurveName[];
  readonly timeoutMilliseconds: number;
  readonly credentials: Credentials;
  readonly wmi: string;
  readonly providerId: string;
  readonly brought: BroughtKeys;
  /** Beginning of the ids of the checks that are wanted. */
  readonly only: string;
}

/** The name by which the calls of a check can be told from those of its set-up in a server's log. */
export function userAgentOf(check: string): string {
  return `plugpool-conformance (${check})`;
}

export const SET_UP = 'set-up';

/** @param found hears of each as it is there */
export async function runChecks(campaign: Campaign, found: (finding: Finding) => void): Promise<readonly Finding[]> {
  const { url, timeoutMilliseconds, credentials } = campaign;
  const probeAs = (name: string) =>
    probeFor({ url, timeoutMilliseconds, tokenOf: credentials.tokenOf }, userAgentOf(name));
  const findings: Finding[] = [];
  for (const dialect of campaign.dialects) {
    for (const curve of campaign.curves) {
      const { wmi, providerId, brought } = campaign;
      const world = new World({
        dialect,
        curve,
        probe: probeAs(SET_UP),
        wmi,
        providerId,
        brought,
        asksForTokens: credentials.given,
      });
      for (const check of allChecks.filter(({ id }) => id.startsWith(campaign.only))) {
        const started = performance.now();
        const { outcome, why } = await outcomeOf(() => check.run(world, probeAs(check.id)));
        const finding: Finding = {
          dialect: dialect.name,
          edition: algorithms[curve].edition,
          id: check.id,
          title: check.title,
          outcome,
          why,
          milliseconds: Math.round(performance.now() - started),
        };
        findings.push(finding);
        found(finding);
      }
    }
  }
  return findings;
}

async function outcomeOf(run: () => Promise<void>): Promise<Pick<Finding, 'outcome' | 'why'>> {
  try {
    await run();
    return { outcome: 'passed', why: '' };
  } catch (error) {
    if (error instanceof CheckSkipped) return { outcome: 'skipped', why: error.message };
    if (error instanceof CheckFailed) return { outcome: 'failed', why: error.message };
    throw error;
  }
}
