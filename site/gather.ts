/**
 * Puts the pages of the site together, in `site/pages`: all of `docs/`, and under `about/` the papers of the repository's
 * root. Links between them stay links; those to sources lead to `SOURCE_URL` (`https://…/blob/main`), and without one they
 * become plain words. A link to nothing stops the build.
 */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..');
const gathered = join(import.meta.dirname, 'pages');
const sourceUrl = process.env['SOURCE_URL']?.replace(/\/$/, '');

/** Where a file of the repository stands in the site. */
const papers: Readonly<Record<string, string>> = {
  'README.md': 'about/readme.md',
  'CHANGELOG.md': 'about/changelog.md',
  'CONTRIBUTING.md': 'about/contributing.md',
  'SECURITY.md': 'about/security.md',
  'bench/README.md': 'about/measurements.md',
};

function pageOf(file: string): string | undefined {
  return file.startsWith('docs/') ? file.slice('docs/'.length) : (papers[file] ?? papers[`${file}/README.md`]);
}

const missing: string[] = [];

/** The text of a file as the site has it. */
function forSite(file: string, page: string): string {
  const text = readFileSync(join(repository, file), 'utf8');
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : withLinks(part, file, page)))
    .join('');
}

function withLinks(text: string, file: string, page: string): string {
  return text.replace(
    /(!?)\[((?:`[^`]*`|[^\][])*)\]\(([^)\s]+)\)/g,
    (whole, bang: string, words: string, target: string) => {
      if (/^(?:[a-z]+:|#)/.test(target)) return whole;
      const [path = '', anchor] = target.split('#');
      const place = relative(repository, resolve(repository, dirname(file), decodeURI(path)));
      if (!existsSync(join(repository, place))) missing.push(`${file}: ${target}`);
      const there = pageOf(place);
      const behind = anchor === undefined ? '' : `#${anchor}`;
      if (there !== undefined) return `${bang}[${words}](${relativeTo(page, there)}${behind})`;
      return sourceUrl === undefined ? words : `${bang}[${words}](${sourceUrl}/${place}${behind})`;
    },
  );
}

function relativeTo(page: string, target: string): string {
  const path = relative(dirname(page), target);
  return path.startsWith('.') ? path : `./${path}`;
}

rmSync(gathered, { recursive: true, force: true });
const documents = globSync('docs/**/*.md', { cwd: repository });
for (const file of [...documents, ...Object.keys(papers)]) {
  const page = pageOf(file) ?? file;
  mkdirSync(dirname(join(gathered, page)), { recursive: true });
  writeFileSync(join(gathered, page), forSite(file, page));
}
cpSync(join(repository, 'docs/images'), join(gathered, 'images'), { recursive: true });
if (missing.length > 0) {
  console.error(`links that lead nowhere:\n${missing.join('\n')}`);
  process.exit(1);
}
console.log(`${documents.length + Object.keys(papers).length} pages gathered`);
