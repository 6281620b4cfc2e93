/** What of the configuration works and should not stay so. */
import type { Settings } from '../../settings.ts';
import { type Finding, ok, warning } from './finding.ts';

const CHECK = 'configuration';
const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

export function settingsFindings(settings: Settings): Finding[] {
  const { auth, host, publicUrl, revocation, location, masterSecret } = settings;
  const guarded = auth !== 'none';
  const url = new URL(publicUrl);
  const smells = [
    !guarded &&
      !loopback.has(host) &&
      warning(CHECK, `no authentication on ${host}: whoever reaches it may do everything`, 'use --auth oauth2'),
    guarded &&
      url.protocol === 'http:' &&
      !loopback.has(url.hostname) &&
      warning(CHECK, `the public URL ${publicUrl} is not encrypted, and tokens go over it`, 'use https for it'),
    guarded &&
      loopback.has(url.hostname) &&
      warning(CHECK, `certificates say that status is told at ${publicUrl}`, 'set --public-url to what clients reach'),
    guarded &&
      settings.allowPrivateTargets &&
      warning(
        CHECK,
        'webhooks may reach internal addresses',
        'set --allow-private-targets false, unless it is meant so',
      ),
    guarded &&
      settings.metricsPort === undefined &&
      settings.metricsToken === undefined &&
      warning(CHECK, 'nobody can read the metrics', 'set --metrics-token or --metrics-port (docs/metrics.md)'),
    revocation === 'off' &&
      warning(CHECK, 'certificates of others are never looked up', 'set --revocation soft-fail or require'),
    'databaseUrl' in location &&
      masterSecret === undefined &&
      warning(
        CHECK,
        'the master secret is a file of this machine: other replicas cannot open the keys',
        'set PLUGPOOL_MASTER_SECRET in all of them to the content of master.key, and keep a copy elsewhere',
      ),
  ];
  const found = smells.filter((smell) => smell !== false);
  return found.length > 0 ? found : [ok(CHECK, 'nothing to remark')];
}
