/** The files under deploy/ say only what the programs understand: options, variables, paths and ports that exist. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { serveOptions } from '../src/serve-options.ts';
import { at, list } from './dialects.ts';

const folder = new URL('../../../deploy/', import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$|file$/.test(name));
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

const flags = new Set(Object.keys(serveOptions));
const variables: ReadonlySet<string> = new Set(Object.values(serveOptions).flatMap(({ environment }) => environment));
/** What the images of others, the runtime and the shell have. */
const foreign = new Set(['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD', 'NODE_ENV']);

describe.each(files)('deploy/%s', (file) => {
  test('ok/every variable that it sets is one that is read', () => {
    const named =
      textOf(file).match(/\b(?:PLUGPOOL_[A-Z0-9_]+|OTEL_[A-Z_]+|DATABASE_URL|POSTGRES_[A-Z]+|NODE_ENV)\b/g) ?? [];
    expect(named.filter((name) => !variables.has(name) && !foreign.has(name))).toEqual([]);
  });

  test('ok/every option behind serve is one of serve', () => {
    const lines = textOf(file)
      .split('\n')
      .filter((line) => /\bserve\b/.test(line));
    const given = lines.flatMap((line) => Array.from(line.matchAll(/--([a-z-]+)/g), ([, name = '']) => name));
    expect(given.filter((name) => !flags.has(name))).toEqual([]);
  });
});

function documents(file: string): unknown[] {
  return parseAllDocuments(textOf(file), { merge: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

test('ok/two replicas with the same settings stand behind the proxy of the compose file', () => {
  const [compose] = documents('compose.yaml');
  const replicas = ['plugpool-1', 'plugpool-2'];
  for (const replica of replicas) {
    const service = at(compose, 'services', replica);
    expect(at(service, 'build', 'dockerfile')).toBe('deploy/Containerfile');
    expect(Object.keys(Object(at(service, 'environment')))).toContain('PLUGPOOL_MASTER_SECRET');
  }
  const upstream = Array.from(textOf('nginx.conf').matchAll(/server (\S+):(\d+) /g), ([, name, port]) => [name, port]);
  expect(upstream).toEqual(replicas.map((replica) => [replica, '8080']));
  expect(textOf('Containerfile')).toContain('PORT=8080');
});

test('ok/the deployment asks for the health that is served, on the port that is listened on', () => {
  const all = documents('kubernetes/plugpool.yaml');
  expect(all.map((each) => at(each, 'kind'))).toEqual(['Deployment', 'Service', 'PodDisruptionBudget']);
  const pod = at(all[0], 'spec', 'template', 'spec');
  const [container] = list(at(pod, 'containers'));
  expect(at(container, 'readinessProbe', 'httpGet', 'path')).toBe('/health/ready');
  expect(at(container, 'livenessProbe', 'httpGet', 'path')).toBe('/health/live');
  expect(at(container, 'ports', 0, 'containerPort')).toBe(8080);
  // It says for how long it is not ready before it ends; that has to fit into the time it is given.
  const argv = list(at(container, 'args')).map(String);
  const drain = Number(argv[argv.indexOf('--drain-seconds') + 1]);
  expect(drain + 8).toBeLessThan(Number(at(pod, 'terminationGracePeriodSeconds')));
});

/** Of the API reference (apps/v1, v1): what stands at these places here, so that a misspelt field is found. */
const fields = {
  deployment: ['replicas', 'selector', 'strategy', 'template'],
  pod: [
    ...[
      'automountServiceAccountToken',
      'terminationGracePeriodSeconds',
      'securityContext',
      'topologySpreadConstraints',
    ],
    ...['initContainers', 'containers', 'volumes'],
  ],
  container: [
    ...['name', 'image', 'args', 'env', 'ports', 'readinessProbe', 'livenessProbe', 'resources', 'securityContext'],
    'volumeMounts',
  ],
  probe: ['httpGet', 'periodSeconds', 'timeoutSeconds', 'failureThreshold'],
};
const keysOf = (value: unknown) => Object.keys(Object(value));

test('ok/the manifests fit together, and have no field that their kind has not', () => {
  const [deployment, service, budget] = documents('kubernetes/plugpool.yaml');
  const pod = at(deployment, 'spec', 'template', 'spec');
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  for (const selector of [
    at(deployment, 'spec', 'selector', 'matchLabels'),
    at(service, 'spec', 'selector'),
    at(budget, 'spec', 'selector', 'matchLabels'),
  ]) {
    expect(keysOf(selector).length).toBeGreaterThan(0);
    expect(labels).toMatchObject(Object(selector));
  }
  expect(fields.deployment).toEqual(expect.arrayContaining(keysOf(at(deployment, 'spec'))));
  expect(fields.pod).toEqual(expect.arrayContaining(keysOf(pod)));
  expect(Number(at(budget, 'spec', 'minAvailable'))).toBeLessThan(Number(at(deployment, 'spec', 'replicas')));

  const [main] = list(at(pod, 'containers'));
  const portNames = list(at(main, 'ports')).map((port) => at(port, 'name'));
  const volumes = list(at(pod, 'volumes')).map((volume) => at(volume, 'name'));
  expect(portNames).toContain(at(list(at(service, 'spec', 'ports'))[0], 'targetPort'));
  for (const probe of ['readinessProbe', 'livenessProbe']) {
    expect(portNames).toContain(at(main, probe, 'httpGet', 'port'));
    expect(fields.probe).toEqual(expect.arrayContaining(keysOf(at(main, probe))));
  }
  for (const container of [...list(at(pod, 'initContainers')), main]) {
    expect(fields.container).toEqual(expect.arrayContaining(keysOf(container)));
    expect(at(container, 'image')).toBe('plugpool');
    // A file system that cannot be written, for whoever needs one has a volume.
    expect(at(container, 'securityContext', 'readOnlyRootFilesystem')).toBe(true);
    const { volumeMounts: mounts = [] } = Object(container);
    expect(volumes).toEqual(expect.arrayContaining(list(mounts).map((mount) => at(mount, 'name'))));
  }
  const quantity = /^\d+(?:\.\d+)?(?:m|[KMG]i?)?$/;
  for (const amount of Object.values(Object(at(main, 'resources'))).flatMap((of) => Object.values(Object(of)))) {
    expect(String(amount)).toMatch(quantity);
  }
});

test('ok/what the services of the compose file name is there', () => {
  const [compose] = documents('compose.yaml');
  const services = Object(at(compose, 'services'));
  for (const service of Object.values(services)) {
    const { depends_on: needed = [], volumes = [] } = Object(service);
    const names = Array.isArray(needed) ? needed : keysOf(needed);
    expect(keysOf(services)).toEqual(expect.arrayContaining(names));
    for (const volume of list(volumes).map(String)) {
      const [from = ''] = volume.split(':');
      if (from.startsWith('./')) expect(files).toContain(from.slice(2));
      else expect(keysOf(at(compose, 'volumes'))).toContain(from);
    }
  }
});

const analyze = spawnSync('systemd-analyze', ['--version']).error === undefined;
test.skipIf(!analyze)('ok/systemd understands the unit (skipped where there is no systemd-analyze)', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'plugpool-unit-'));
  try {
    const unit = join(scratch, 'plugpool.service');
    // The program need not be installed here.
    writeFileSync(unit, textOf('plugpool.service').replace('/usr/local/bin/plugpool', process.execPath));
    const { status, stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('plugpool'));
    expect({ status, said }).toEqual({ status: 0, said: [] });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
