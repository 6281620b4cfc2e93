/**
 * `npm run docs -w PACKAGE`: writes `docs/api.md` of a package from its declarations and their doc comments, as they are
 * published. A test of the package fails when the page is not what this writes.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPackage } from './build-package.ts';

interface Declaration {
  readonly name: string;
  readonly doc: string;
  readonly code: string;
}

/** Longer types than this are told by their doc comment alone: inferred ones have hundreds of lines. */
const LONGEST_CODE = 1600;

/** The page for the package in `folder`. */
export function apiPage(folder: string): string {
  const built = mkdtempSync(join(tmpdir(), 'api-docs-'));
  try {
    buildPackage(folder, built);
    const index = readFileSync(join(built, 'index.d.ts'), 'utf8');
    const { name }: { name: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const sections = exportsOf(index).map(({ from, names }) => sectionOf(readDeclarations(built, from), names));
    return `# ${name}: everything that is exported\n\nWritten by \`npm run docs\` from the doc comments.\n\n${sections.join('')}`;
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/** What the door of the package lets through: names, or all types of a module. */
function exportsOf(index: string): { from: string; names: readonly string[] | undefined }[] {
  const statements = index.matchAll(/export (?:type )?(?:\* |\{([^}]*)\} )from '([^']+)';/g);
  return [...statements].map(([, list, from = '']) => ({
    from,
    names: list?.split(',').flatMap((name) => name.replace(/^\s*type /, '').trim() || []),
  }));
}

function readDeclarations(built: string, from: string): Declaration[] {
  const text = readFileSync(join(built, from.replace(/\.ts$/, '.d.ts')), 'utf8');
  const starts = [...text.matchAll(/^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:declare )?(?:\w+ )?(\w+)/gm)];
  return starts.map((match, at) => {
    const [, comment = '', name = ''] = match;
    const code = text.slice(match.index + comment.length, starts[at + 1]?.index).trim();
    return { name, doc: proseOf(comment), code: withoutPrivate(code) };
  });
}

function sectionOf(declarations: readonly Declaration[], names: readonly string[] | undefined): string {
  if (names === undefined) return tableOf(declarations);
  return names.map((name) => entryOf(declarations.find((one) => one.name === name) ?? missing(name))).join('');
}

function missing(name: string): never {
  throw new Error(`no declaration of ${name} where the index says it is`);
}

function entryOf({ name, doc, code }: Declaration): string {
  const shown = code.length > LONGEST_CODE ? '' : `\`\`\`ts\n${code.replace(/^export (declare )?/, '')}\n\`\`\`\n\n`;
  return `## ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}${shown}`;
}

/** Types by name have no more to tell than what they are. */
function tableOf(declarations: readonly Declaration[]): string {
  const rows = declarations.map(({ name, doc }) => `| \`${name}\` | ${doc.replaceAll('\n', ' ')} |\n`);
  return `| type | what |\n| --- | --- |\n${rows.join('')}\n`;
}

function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
}

function withoutPrivate(code: string): string {
  return code.replace(/^\s*private .*\n/gm, '');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const page = join(process.cwd(), 'docs/api.md');
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, apiPage(process.cwd()));
  console.log(`${page} is written`);
}
