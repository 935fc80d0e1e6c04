import { run } from './run.js';

// A reader that has seen enough, such as `| head`, closes the pipe: the command is finished all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// The exit code is set, not called: output that still waits in a pipe is written before the process ends.
void run(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
