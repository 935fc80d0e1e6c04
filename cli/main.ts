import { run } from './run.js';

// The exit code is set, not called: output that still waits in a pipe is written before the process ends.
void run(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
