/** Which functions a CPU profile (`node --cpu-prof`) saw at work. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Share {
  self: number;
  /** With everything it called. */
  total: number;
}

const SHOWN = 25;
const IDLE = ['(idle)', '(root)'];

/** The functions that cost most in the profiles of a folder: alone, and ours with what they call. */
export async function heaviest(folder: string): Promise<string> {
  const shares = new Map<string, Share>();
  for (const name of await readdir(folder)) {
    if (name.endsWith('.cpuprofile')) addProfile(JSON.parse(await readFile(join(folder, name), 'utf8')), shares);
  }
  const busy = [...shares].filter(([name]) => !IDLE.includes(name));
  const sum = busy.reduce((total, [, { self }]) => total + self, 0);
  const list = (by: keyof Share, from: typeof busy) =>
    from
      .sort(([, a], [, b]) => b[by] - a[by])
      .slice(0, SHOWN)
      .map(([name, share]) => `${((share[by] / sum) * 100).toFixed(1).padStart(6)} %  ${name}\n`)
      .join('');
  const ours = busy.filter(([name]) => name.includes(' packages/'));
  return `alone\n${list('self', busy)}\nours, with what they call\n${list('total', ours)}`;
}

function addProfile({ nodes, samples, timeDeltas }: Profile, shares: Map<string, Share>): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map<number, number>();
  samples.forEach((id, index) => {
    self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const below = (id: number, above: readonly string[]): number => {
    const node = byId.get(id);
    if (node === undefined) return 0;
    const name = nameOf(node);
    const own = self.get(id) ?? 0;
    const total = (node.children ?? []).reduce((sum, child) => sum + below(child, [...above, name]), own);
    const share = shares.get(name) ?? { self: 0, total: 0 };
    share.self += own;
    // A function that calls itself counts once.
    if (!above.includes(name)) share.total += total;
    shares.set(name, share);
    return total;
  };
  below(nodes[0]?.id ?? 0, []);
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  if (url === '') return functionName;
  const place = url.replace(/^.*\/(?=packages\/|node_modules\/)/, '');
  return `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`;
}
