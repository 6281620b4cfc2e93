#!/usr/bin/env node
// Plain JavaScript, so that an old Node says what it needs instead of failing on the first type annotation.
const [major] = process.versions.node.split('.').map(Number);
if (major === undefined || major < 24) {
  process.stderr.write(
    `plugpool needs Node 24 or newer, this is ${process.versions.node}. Run it with npx or npm, which bring their own, or install a newer Node.\n`,
  );
  process.exit(1);
}
const { enableCompileCache } = await import('node:module');
// Compiled modules are kept between starts: the second one is faster, and needs less memory.
enableCompileCache();
await import('../src/cli/main.ts');
