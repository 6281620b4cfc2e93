/** What another process has used so far, as Linux tells it under `/proc`. */
import { existsSync, readFileSync } from 'node:fs';

/** `/proc/PID/stat` counts in hundredths of a second, whatever the kernel's own clock (`USER_HZ`, proc(5)). */
const TICK_US = 10_000;

/** CPU time of all threads in microseconds, in steps of 10 ms. Throws where there is no `/proc`. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the command in parentheses and may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** The same of each child of a process, by its id: of a PostgreSQL, its connections and what it does beside them. */
export function cpuOfChildren(pid: number): ReadonlyMap<number, number> {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number);
  // One that ends in this moment is not asked for its time any more.
  return new Map(
    pids.filter((child) => existsSync(`/proc/${child}/stat`)).map((child) => [child, cpuMicroseconds(child)]),
  );
}

/** What the children that were there before and still are have used since. */
export function cpuOfChildrenSince(pid: number, before: ReadonlyMap<number, number>): number {
  const now = [...cpuOfChildren(pid)];
  return now.reduce((sum, [child, used]) => sum + used - (before.get(child) ?? used), 0);
}

/** Resident memory in megabytes (10⁶ octets). */
export function residentMegabytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status says nothing of resident memory`);
  return (Number(kibibytes) * 1024) / 1e6;
}
