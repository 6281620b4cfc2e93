/** The web console at `/console`: files of its build, and its one page for every path that is no file. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { type ConsoleFile, type ConsoleFiles, consoleFolder, readConsole } from './console-files.ts';

/** @param folder of the build; where the build puts it when not given */
export function consoleRoutes(folder = fileURLToPath(consoleFolder)): FastifyPluginAsync {
  let read: Promise<ConsoleFiles | undefined> | undefined;
  const files = async () => {
    read ??= readConsole(folder);
    const found = await read;
    // Built later, it is there without a restart.
    if (found === undefined) read = undefined;
    return found;
  };
  return async (app) => {
    app.get('/console', async (_request, reply) => sendPage(reply, await files()));
    app.get<{ Params: { '*': string } }>('/console/*', async (request, reply) => {
      const found = await files();
      const path = request.params['*'];
      const file = found?.files.get(path);
      if (file !== undefined) return sendFile(reply, file, takesGzip(request.headers['accept-encoding']));
      // A file of another build; all else is a place in the console, and its page knows it.
      if (found !== undefined && path.startsWith('assets/')) return reply.code(404).send();
      return sendPage(reply, found);
    });
  };
}

function sendFile(reply: FastifyReply, file: ConsoleFile, gzipped: boolean): FastifyReply {
  reply.headers({
    'content-type': file.type,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  });
  if (!gzipped) return reply.send(file.content);
  return reply.header('content-encoding', 'gzip').send(file.gzipped);
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '').includes('gzip');
}

/** No script and no style that is not a file of the console; the component library's style elements bear the nonce. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function sendPage(reply: FastifyReply, files: ConsoleFiles | undefined): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyWith(nonce),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  if (files === undefined) return reply.code(503).send(notBuilt);
  return reply.send(files.page.replaceAll('{{nonce}}', nonce));
}

const notBuilt = `<!doctype html>
<html lang="en">
<title>plugpool console</title>
<h1>The console is not built</h1>
<p>The server works without it. To build it, run <code>npm run console</code>
in the folder of plugpool, and load this page again.</p>
</html>
`;
