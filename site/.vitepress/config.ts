/** The documentation as a site; `gather.ts` has put its pages together. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type MarkdownOptions } from 'vitepress';

const gathered = resolve(fileURLToPath(import.meta.url), '../../pages');

export default defineConfig({
  title: 'plugpool',
  description: 'An open Plug & Charge ecosystem: what has to stand behind the plug so that a car charges',
  base: process.env['SITE_BASE'] ?? '/',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: true,
  // Addresses in examples are those of the reader's own server.
  ignoreDeadLinks: [/^https?:\/\/(?:localhost|127\.0\.0\.1)/],
  markdown: { config: diagrams },
  // The library of the diagrams is large, and loaded by pages that have one.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Guides', link: '/guides/oem', activeMatch: '^/guides/' },
      { text: 'Concepts', link: '/concepts/life-of-a-contract', activeMatch: '^/concepts/' },
      { text: 'Reference', link: '/reference/commands', activeMatch: '^/reference/' },
      { text: 'Decisions', link: '/decisions/001-rooms-and-doors', activeMatch: '^/decisions/' },
    ],
    sidebar: [
      { text: 'Start', items: pages(['index', 'quick-start']) },
      { text: 'Guides', items: pages(['guides/oem', 'guides/emsp', 'guides/cpo', 'guides/operator', 'guides/tester']) },
      { text: 'Concepts', items: pages(['concepts/life-of-a-contract', 'concepts/certificates', 'concepts/chains']) },
      { text: 'Working with it', items: pages(['dialects', 'access', 'webhooks', 'federation', 'console']) },
      { text: 'Operations', items: pages(['operations', 'backup', 'monitoring', 'metrics']) },
      { text: 'Reference', items: pages(pagesIn('reference')) },
      { text: 'House', items: pages(['architecture', 'dependencies', ...pagesIn('about')]) },
      { text: 'Decisions', collapsed: true, items: pages(pagesIn('decisions')) },
    ],
  },
});

function pagesIn(folder: string): string[] {
  const names = readdirSync(join(gathered, folder)).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => `${folder}/${name.slice(0, -'.md'.length)}`);
}

/** Those of the pages that are there, each under its heading. */
function pages(names: readonly string[]): { text: string; link: string }[] {
  return names.flatMap((name) => {
    const file = join(gathered, `${name}.md`);
    if (!existsSync(file)) return [];
    const text = /^# (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? name;
    return [{ text: text.replaceAll('`', ''), link: `/${name === 'index' ? '' : name}` }];
  });
}

/** Diagrams in mermaid's language are drawn in the browser, by `Diagram.vue`. */
function diagrams(md: Parameters<NonNullable<MarkdownOptions['config']>>[0]): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    if (token?.info.trim() === 'mermaid') return `<Diagram code="${encodeURIComponent(token.content)}" />`;
    return fence?.(tokens, index, ...rest) ?? '';
  };
}
