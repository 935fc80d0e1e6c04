import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import { readIfThere, writeAtomically } from './atomic-file.js';
import { copyDatabase, copyFile, copySqlite, type SnapshotFile } from './copy-file.js';
import { withFolderLock } from './folder-lock.js';
import { ManagerError } from './manager-error.js';
import { networkProcess, runFolder } from './network.js';
import { endOrphans, engineOf, topologyInForce } from './plan-file.js';

/** What `snapshot.json` says: that every file is there, whole. */
export interface Snapshot {
  readonly schema: 'network-snapshot/1';
  /** Unix milliseconds. */
  readonly createdMs: number;
  readonly files: readonly SnapshotFile[];
}

/** Process ids, logs and addresses belong to the place where they are, and say nothing elsewhere. */
const neverCopied: readonly string[] = ['run', 'plan.json'];
/** Of Fabric's own programs the addresses stand in the channel, so the plan goes with it. */
const neverCopiedOfFabric: readonly string[] = ['run'];

/**
 * Copies a data folder: keys, topology, and every peer's chain. The embedded network may run: a block file only grows,
 * so what was there when copying began is whole, and a part of a later block is cut off at the next start. Private data
 * is copied after the blocks, so that none is missing to them. Fabric's own programs must not run: what their many
 * databases hold at one moment cannot be copied while they write. What is derived from the chain is left out. The copy
 * holds every private key: keep it as the folder itself is kept.
 * @param target must not exist. @param derived further top-level folders that need no copy.
 * @throws FOLDER_EMPTY, FOLDER_NOT_EMPTY, FOLDER_BUSY, NETWORK_RUNNING
 */
export async function takeSnapshot(
  dataDir: string,
  target: string,
  derived: readonly string[] = [],
): Promise<Snapshot> {
  const [from, to] = [resolve(dataDir), resolve(target)];
  return await withFolderLock(runFolder(from), async () => {
    await topologyInForce(from);
    const ofFabric = engineOf(from) === 'fabric';
    if (ofFabric && networkProcess(from).pid !== undefined) {
      const wanted = "a stopped network: databases of Fabric's own programs cannot be copied while they run";
      throw new ManagerError('NETWORK_RUNNING', { folder: from, wanted });
    }
    if (ofFabric) endOrphans(from); // They would go on writing.
    await wantEmpty(to);
    const left = [...(ofFabric ? neverCopiedOfFabric : neverCopied), ...derived];
    const unfinished = `${to}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const paths = (await filesBelow(from)).filter((path) => isCopied(path, left));
    const files: SnapshotFile[] = [];
    for (const path of paths.filter((each) => !isPrivate(each))) {
      files.push(await (path.endsWith('.sqlite') ? copySqlite : copyFile)(from, unfinished, path));
    }
    for (const folder of new Set(paths.filter(isPrivate).map(dirname))) {
      files.push(...(await copyDatabase(from, unfinished, folder)));
    }
    const snapshot: Snapshot = { schema: 'network-snapshot/1', createdMs: Date.now(), files };
    writeAtomically(manifestOf(unfinished), `${JSON.stringify(snapshot, undefined, 2)}\n`);
    await putInPlace(unfinished, to);
    return snapshot;
  });
}

/**
 * Makes a data folder of a snapshot, after checking every byte of it. Ports are chosen anew at the next start, but for
 * those of Fabric's own programs: one copy of them runs at a time.
 * @param dataDir must not exist or be empty. @throws SNAPSHOT_BROKEN, FOLDER_NOT_EMPTY, NETWORK_RUNNING
 */
export async function restoreSnapshot(source: string, dataDir: string): Promise<Snapshot> {
  const [from, to] = [resolve(source), resolve(dataDir)];
  const snapshot = readManifest(from);
  for (const file of snapshot.files) await checkFile(from, file);
  if (networkProcess(to).pid !== undefined) throw new ManagerError('NETWORK_RUNNING', { folder: to });
  await wantEmpty(to);
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  for (const { path } of snapshot.files) await copyFile(from, unfinished, path);
  await putInPlace(unfinished, to);
  return snapshot;
}

/**
 * Throws the chain away and keeps topology and keys: the next start begins a new channel. Not to be undone.
 * @param derived further top-level folders that are worthless without the chain. @throws NETWORK_RUNNING, FOLDER_BUSY
 */
export async function resetNetwork(dataDir: string, derived: readonly string[] = []): Promise<void> {
  const folder = resolve(dataDir);
  await withFolderLock(runFolder(folder), async () => {
    if (networkProcess(folder).pid !== undefined) throw new ManagerError('NETWORK_RUNNING', { folder });
    await topologyInForce(folder);
    for (const name of ['ledgers', ...derived]) await rm(join(folder, name), { recursive: true, force: true });
  });
}

function manifestOf(folder: string): string {
  return join(folder, 'snapshot.json');
}

function readManifest(folder: string): Snapshot {
  const text = readIfThere(manifestOf(folder));
  const snapshot = text === undefined ? undefined : parseJson(text);
  const { schema, files } = (snapshot ?? {}) as Partial<Snapshot>;
  const isList =
    Array.isArray(files) &&
    files.length > 0 &&
    files.every((each: Partial<SnapshotFile> | null) => typeof each?.path === 'string');
  if (schema !== 'network-snapshot/1' || !isList) {
    throw new ManagerError('SNAPSHOT_BROKEN', { folder, wanted: 'snapshot.json' });
  }
  return snapshot as Snapshot; // Its paths and sums are checked file by file.
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function checkFile(folder: string, { path, bytes, sha256 }: SnapshotFile): Promise<void> {
  const inside = !relative(folder, resolve(folder, path)).startsWith('..'); // A manifest may come from anybody.
  const content = inside ? await readFile(join(folder, path)).catch(() => undefined) : undefined;
  const found = content && createHash('sha256').update(content).digest('hex');
  if (content?.length !== bytes || found !== sha256) throw new ManagerError('SNAPSHOT_BROKEN', { folder, path });
}

async function wantEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.some((name) => name !== 'run')) throw new ManagerError('FOLDER_NOT_EMPTY', { folder });
}

/** A folder is there whole or not at all: half a data folder would start, and make a chain of its own. */
async function putInPlace(unfinished: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true }); // Empty, as `wantEmpty` saw.
  await rename(unfinished, to);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A peer's private data is a database too, and nothing brings it back. */
function isPrivate(path: string): boolean {
  return partOfLedger(path) === 'private';
}

/** What of a peer's ledger a file belongs to: `ledgers/<peer>/<part>`, or `ledgers/channels/<channel>/<peer>/<part>`. */
function partOfLedger(path: string): string | undefined {
  const [top, peer, ...below] = path.split('/');
  if (top !== 'ledgers') return undefined;
  return peer === 'channels' ? below[2] : below[0];
}

/** A peer's index is a database that may change while it is copied; it comes back from the block file. */
function isCopied(path: string, left: readonly string[]): boolean {
  const [top = ''] = path.split('/');
  return !left.includes(top) && !path.endsWith('.sqlite-journal') && partOfLedger(path) !== 'index';
}
