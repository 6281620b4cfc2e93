/** The OpenSSL command as an independent reader and writer of certificates. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Certificate, toPem } from '@plugpool/iso15118';

const run = promisify(execFile);

/** Runs `openssl` in a folder of its own that holds `files`; gives what it printed on both outputs. */
export async function openssl(
  parameters: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const { stdout, stderr } = await run('openssl', parameters, { cwd: folder, encoding: 'latin1' });
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A certification request, PEM. `subject` as `/O=Some/CN=name`. */
export async function opensslRequest(subject: string, ...parameters: readonly string[]): Promise<string> {
  const key = parameters.includes('-newkey') ? [] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const written = ['req', '-new', '-nodes', '-keyout', 'key.pem', '-utf8', '-subj', subject, '-batch'];
  const printed = await openssl([...written, ...key, ...parameters]);
  const [pem] = /-----BEGIN CERTIFICATE REQUEST-----[\s\S]*-----END CERTIFICATE REQUEST-----\n/.exec(printed) ?? [];
  if (pem === undefined) throw new Error(`openssl made no request: ${printed}`);
  return pem;
}

/** `openssl verify`, strictly by RFC 5280; throws with its words when the chain does not hold. */
export async function opensslVerify(leaf: Certificate, between: readonly Certificate[], root: Certificate) {
  const pem = (...certificates: readonly Certificate[]) =>
    certificates.map(({ der }) => toPem('CERTIFICATE', der)).join('');
  const files = { 'root.pem': pem(root), 'between.pem': pem(...between), 'leaf.pem': pem(leaf) };
  const untrusted = between.length === 0 ? [] : ['-untrusted', 'between.pem'];
  return await openssl(['verify', '-x509_strict', '-CAfile', 'root.pem', ...untrusted, 'leaf.pem'], files);
}
