/** `npm run fuzz -w @plugpool/exi -- --cases 1000000 --seed 7`: the long form of `fuzz.test.ts`. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const start = performance.now();
const report = fuzz(Number(values.cases), Number(values.seed));
const seconds = (performance.now() - start) / 1000;
const megabytes = (octets: number) => `${(octets / 1e6).toFixed(1)} MB`;
const lines = [
  `${report.cases} cases from seed ${report.seed} in ${seconds.toFixed(0)} s, the slowest ${report.slowestMs.toFixed(1)} ms`,
  `${report.accepted} accepted, ${report.canonical} of them canonical; the others encode to octets that decode to the same`,
  ...Object.entries(report.rejected).map(([code, count]) => `${count} rejected: ${code}`),
  `live heap ${megabytes(report.heapBefore)} after a tenth, ${megabytes(report.heapAfter)} at the end`,
];
process.stdout.write(`${lines.join('\n')}\n`);
