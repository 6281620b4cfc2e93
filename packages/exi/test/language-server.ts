import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the language server of TypeScript shows for the first place of each of `names` in a file with this text. */
export async function hovers(file: string, text: string, names: readonly string[]): Promise<string[]> {
  const server = startServer();
  const uri = pathToFileURL(file).href;
  try {
    const capabilities = { textDocument: { hover: { contentFormat: ['markdown'] } } };
    await server.ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(dirname(file)).href,
      capabilities,
    });
    server.tell('initialized', {});
    server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
    const shown = [];
    for (const name of names) {
      const before = text.slice(0, text.indexOf(name)).split('\n');
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      shown.push(JSON.stringify(await server.ask('textDocument/hover', { textDocument: { uri }, position })));
    }
    return shown;
  } finally {
    server.stop();
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

function startServer() {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const child = spawn(process.execPath, [join(typescript, 'bin/tsc'), '--lsp', '--stdio']);
  const waiting = new Map<number, (result: unknown) => void>();
  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  };
  let last = 0;
  child.stdout.on(
    'data',
    messagesIn((message) => {
      if (message.id === undefined) return;
      if (message.method !== undefined) send({ id: message.id, result: null });
      else waiting.get(message.id)?.(message.result);
    }),
  );
  return {
    tell: (method: string, params: object) => send({ method, params }),
    ask: (method: string, params: object) => {
      const id = ++last;
      send({ id, method, params });
      return new Promise<unknown>((resolve) => waiting.set(id, resolve));
    },
    stop: () => child.kill(),
  };
}

/** Takes the messages out of a stream of octets, each behind its head. */
function messagesIn(take: (message: Message) => void): (chunk: Buffer) => void {
  let octets = Buffer.alloc(0);
  return (chunk) => {
    octets = Buffer.concat([octets, chunk]);
    for (;;) {
      const head = octets.indexOf('\r\n\r\n');
      if (head < 0) return;
      const start = head + 4;
      const end = start + Number(/Content-Length: (\d+)/i.exec(octets.toString('latin1', 0, head))?.[1]);
      if (octets.length < end) return;
      take(JSON.parse(octets.toString('utf8', start, end)));
      octets = octets.subarray(end);
    }
  };
}
