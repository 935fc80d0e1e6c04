import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';

import { ManagerError } from './manager-error.js';
import { pollFor } from './poll.js';

/**
 * Ports are taken from below the ranges that Linux (32768) and macOS (49152) use for outgoing connections, so that
 * no client of ours is given one of them by chance between two starts.
 */
export const PORT_FIRST = 20_000;
export const PORT_LAST = 32_767;

/** How long a kept port may stay taken: a process that was killed lets go of its ports a moment after it is gone. */
const releaseMs = 2_000;

/**
 * Finds free TCP ports of 127.0.0.1.
 * @param count how many. @param seed any text; the same seed tries the same ports first, so a network whose folder was
 * emptied comes back at its old addresses, and two folders seldom compete.
 * @param kept ports of an earlier start: each that is free, or soon will be, is used again in its place, because
 * clients that stayed up know it.
 * @param avoided ports that are somebody's although nobody may listen on them now.
 * @returns `count` different ports. @throws PORTS_EXHAUSTED
 */
export async function allocatePorts(
  count: number,
  seed: string,
  kept: readonly (number | undefined)[] = [],
  avoided: ReadonlySet<number> = new Set(),
): Promise<number[]> {
  const places = Array.from({ length: count }, (_, index) => kept[index]);
  const ports = await Promise.all(places.map(async (port) => ((await becomesFree(port)) ? port : undefined)));
  const range = PORT_LAST - PORT_FIRST + 1;
  const start = createHash('sha256').update(seed).digest().readUInt32BE(0) % range;
  for (let step = 0; step < range && ports.includes(undefined); step += 1) {
    const port = PORT_FIRST + ((start + step) % range);
    if (!kept.includes(port) && !avoided.has(port) && (await isFree(port))) ports[ports.indexOf(undefined)] = port;
  }
  const found = ports.filter((port) => port !== undefined);
  if (found.length < count) throw new ManagerError('PORTS_EXHAUSTED', { wanted: count, found: found.length });
  return found;
}

async function becomesFree(port: number | undefined): Promise<boolean> {
  if (port === undefined) return false;
  return (await pollFor(releaseMs, async () => (await isFree(port)) || undefined)) === true;
}

/** Whether a process could listen on this port of 127.0.0.1 now; it is listened on for a moment to find out. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      resolve(true);
    });
  });
  if (listening) await close(server);
  return listening;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
