/** The edge to the process: everything else of the command line gets its world handed in. */
import { runCommandLine } from './commands.ts';

// `plugpool … | head` closes the pipe early; there is nobody left to write to.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  isTty: process.stdout.isTTY === true,
});
