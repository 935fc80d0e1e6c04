import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ManagerError } from './manager-error.js';
import { runFolder } from './network.js';
import { readPlan } from './plan-file.js';

/** A process of a data folder and the file that it writes to. Peers of the embedded network share `network`. */
export interface LogFile {
  readonly node: string;
  readonly file: string;
}

/** A line of a log, without its end. */
export interface LogLine {
  readonly node: string;
  readonly line: string;
}

/** How much of a log's end is looked at, and how much is read at once while it grows, bytes. */
const readBytesMax = 256 * 1024;
const lookEveryMs = 250;

/**
 * The logs of a data folder that exist: the network's own process, Fabric's nodes, chaincode servers, gateways.
 * @param node only this one's. @throws ManagerError FOLDER_EMPTY, NODE_UNKNOWN naming those that there are
 */
export function listLogs(dataDir: string, node?: string): LogFile[] {
  const folder = resolve(dataDir);
  const plan = readPlan(folder);
  if (plan === undefined) throw new ManagerError('FOLDER_EMPTY', { folder, wanted: 'a data folder of a network' });
  const programs = plan.engine === 'fabric' ? [...plan.orderers, ...plan.peers] : [];
  const all = [
    { node: 'network', file: join(runFolder(folder), 'network.log') },
    ...programs.map(({ id, logFile }) => ({ node: id, file: logFile })),
    ...plan.chaincodes.flatMap(({ servers }) =>
      servers.map(({ name, logFile }) => ({ node: `chaincode-${name}`, file: logFile })),
    ),
    { node: 'gateways', file: join(runFolder(folder), 'gateways.log') },
  ].filter(({ file }) => existsSync(file));
  if (node === undefined) return all;
  const inside =
    plan.engine !== 'fabric' && plan.organisations.some(({ nodes }) => nodes.some(({ id }) => id === node));
  const found = all.filter((each) => each.node === (inside ? 'network' : node));
  if (found.length > 0) return found;
  throw new ManagerError('NODE_UNKNOWN', { node, known: all.map((each) => each.node).join(', ') });
}

/** The last lines of a log. @param count at least 0; fewer where the file's last 256 KiB hold fewer. */
export function lastLines({ node, file }: LogFile, count: number): LogLine[] {
  const from = Math.max(0, sizeOf(file) - readBytesMax);
  const lines = readFrom(file, from).toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (from > 0) lines.shift(); // Half a line.
  return lines.slice(Math.max(0, lines.length - count)).map((line) => ({ node, line }));
}

/** Tells every whole line that is written to some logs from now on, until `signal` aborts. */
export async function followLogs(
  files: readonly LogFile[],
  tell: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const ends = files.map((each) => ({ ...each, at: sizeOf(each.file), half: Buffer.alloc(0) }));
  while (!signal.aborted) {
    for (const end of ends) {
      if (sizeOf(end.file) < end.at) end.at = 0; // Set aside for a new one.
      const bytes = readFrom(end.file, end.at);
      end.at += bytes.length;
      const text = Buffer.concat([end.half, bytes]);
      const whole = text.lastIndexOf('\n');
      end.half = text.subarray(whole + 1);
      if (whole < 0) continue;
      for (const line of text.subarray(0, whole).toString('utf8').split('\n')) tell({ node: end.node, line });
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined); // Aborted: the loop ends.
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(file: string, offset: number): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(readBytesMax, Math.max(0, sizeOf(file) - offset)));
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(handle);
  }
}
