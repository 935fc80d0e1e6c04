import { Presets, SingleBar } from 'cli-progress';

import { type Terminal } from './output.js';
import { printable } from './printable.js';

/** Files smaller than this are hashed before a bar could be read, bytes. */
const barBytesMin = 16 * 1024 * 1024;

/** A bar for one file; `update` takes bytes done and bytes in all, as `hashFile` reports them. */
export interface FileBar {
  readonly update: (done: number, size: number) => void;
  readonly stop: () => void;
}

/** A progress bar on standard error, shown for large files and only to a person who watches. */
export function createFileBar(terminal: Terminal, file: string): FileBar {
  let bar: SingleBar | undefined;
  const update = (done: number, size: number) => {
    if (!terminal.interactive || size < barBytesMin) return;
    if (bar === undefined) {
      bar = new SingleBar(
        {
          format: ' {bar} {percentage}% {file}',
          stream: process.stderr,
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
        },
        Presets.shades_classic,
      );
      bar.start(size, 0, { file: printable(file).slice(-35) });
    }
    bar.update(done);
  };
  return {
    update,
    stop: () => {
      bar?.stop();
    },
  };
}

/** One line per step on standard error: what was done and how long it took. Nothing where the caller wants JSON. */
export function createSteps(terminal: Terminal, silent: boolean): (done: string) => void {
  let beforeMs = performance.now();
  return (done) => {
    const nowMs = performance.now();
    if (!silent)
      terminal.err(`  ${terminal.interactive ? '\u2714' : '-'} ${done} (${Math.round(nowMs - beforeMs)} ms)\n`);
    beforeMs = nowMs;
  };
}
