/** Which dialects a server speaks, and for which curves it has roots. */
import type { CurveName } from '@plugpool/iso15118';
import type { ConformanceDialect } from './dialect.ts';
import { certificateIn } from './own-keys.ts';
import { probeFor, shortened } from './probe.ts';
import { type Campaign, SET_UP, userAgentOf } from './run-checks.ts';
import { CheckFailed, CheckSkipped } from './verdict.ts';

export interface SpokenDialects {
  readonly dialects: readonly ConformanceDialect[];
  readonly rootCurves: ReadonlySet<CurveName>;
  /** Of the last one that it does not speak. */
  readonly why: string;
}

/** A dialect counts as spoken when its list of roots is there, whether or not it is right. */
export async function spokenDialects(
  { url, timeoutMilliseconds, credentials }: Pick<Campaign, 'url' | 'timeoutMilliseconds' | 'credentials'>,
  asked: readonly ConformanceDialect[],
): Promise<SpokenDialects> {
  const probe = probeFor({ url, timeoutMilliseconds, tokenOf: credentials.tokenOf }, userAgentOf(SET_UP));
  const dialects: ConformanceDialect[] = [];
  const rootCurves = new Set<CurveName>();
  let why = '';
  for (const dialect of asked) {
    try {
      const answer = await probe(dialect.roots, 'cpo');
      if (answer.status !== 200) {
        why = `${answer.name} answered ${answer.status} ${shortened(answer.text)}`;
        continue;
      }
      dialects.push(dialect);
      for (const { certificate } of dialect.rootsIn(answer.json)) {
        rootCurves.add(certificateIn(certificate, answer.name).publicKey.curve);
      }
    } catch (error) {
      if (!(error instanceof CheckFailed || error instanceof CheckSkipped)) throw error;
      why = error.message;
    }
  }
  return { dialects, rootCurves, why };
}
