/**
 * The servers that a database URL names: `postgres://user@one:5432,other:5432/database` has two, a primary and standbys
 * that may take its place, as libpq writes it. Each comes back as a URL of its own.
 */
export function hostsOf(databaseUrl: string): string[] {
  const [, before, hosts, behind] = /^(\w+:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/.exec(databaseUrl) ?? [];
  if (before === undefined || hosts === undefined || behind === undefined) return [databaseUrl];
  // Only a server that takes writes is of use here, whatever the URL says.
  const rest = behind.replace(/([?&])target_session_attrs=[^&]*(&|$)/, (_all, start, end) => (end === '' ? '' : start));
  return hosts.split(',').map((host) => `${before}${host}${rest}`);
}
