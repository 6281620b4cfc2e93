/** Holds the imports of the tree against `dependency-rules.cjs`; fails when a wall is broken or nothing was read. */
import { createRequire } from 'node:module';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

const { forbidden }: { forbidden: IForbiddenRuleType[] } = createRequire(import.meta.url)('./dependency-rules.cjs');

/** Without a TypeScript parser the tool reads nothing and finds nothing wrong. */
const FEWEST_MODULES = 100;

const { output } = await cruise(['packages'], {
  ruleSet: { forbidden },
  validate: true,
  parser: 'swc',
  tsPreCompilationDeps: 'specify',
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '^packages/[^/]+/(dist|test/vectors|console|bundled)/' },
});
const { summary, modules } = resultOf(output);
for (const { rule, from, to } of summary.violations) console.error(`${rule.severity} ${rule.name}: ${from} → ${to}`);
if (modules.length < FEWEST_MODULES) {
  console.error(`only ${modules.length} modules were read: the check is blind`);
  process.exit(1);
}
if (summary.error > 0) process.exit(1);
console.log(`${modules.length} modules, no wall broken`);

function resultOf(output: ICruiseResult | string): ICruiseResult {
  if (typeof output === 'string') throw new Error('expected a result, not a text');
  return output;
}
