import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { BlockRecords, firstDifference } from './block-records.js';
import { Chain } from './chain.js';
import { type DatabaseFault } from './databases.js';
import { ChainFault, type Finding } from './finding.js';
import { checkIndex } from './peer-index.js';
import { checkPrivateData } from './private-data.js';
import { display } from './protobuf.js';
import { Scratch } from './scratch.js';

/** `in-use`: a running network has it open; `absent`: there is none; `skipped`: the peer's chain is broken. */
export type DatabaseState = 'checked' | 'in-use' | 'absent' | 'skipped';

/** What was found out about one peer on one channel. */
export interface PeerReport {
  readonly peer: string;
  /** Name of the channel, empty where no block could be read. */
  readonly channel: string;
  /** Blocks that hold, counted from block 0. */
  readonly blocks: number;
  readonly transactions: number;
  /** An absent index comes back at the next start. */
  readonly index: DatabaseState;
  /** The plain text of private collections, which no block brings back. */
  readonly privateData: DatabaseState;
  /** Sets of private data that blocks have hashes of and this peer does not hold, be it entitled to them or not. */
  readonly privateSetsMissing: number;
}

/** What was found out about a data folder. */
export interface NetworkReport {
  /** Whether nothing at all is wrong. */
  readonly sound: boolean;
  /** Name of the first channel, empty where no block could be read. */
  readonly channel: string;
  readonly peers: readonly PeerReport[];
  readonly findings: readonly Finding[];
}

/** Told how far the work has come, in bytes of block files and indexes. */
export type OnProgress = (doneBytes: number, allBytes: number) => void;

/** One peer's folder of one channel, relative to the data folder. */
interface LedgerPlace {
  readonly peer: string;
  readonly folder: string;
  /** Of the block file, when the check began. */
  readonly blockBytes: number;
  /** Of all files of the index; 0 where there is none. */
  readonly indexBytes: number;
}

/** A chain that was derived, and everything that it leads to. */
interface Replayed {
  readonly place: LedgerPlace;
  readonly chain: Chain;
  readonly scratch: Scratch;
  readonly fileBytes: number;
  readonly fault: Finding | undefined;
}

/** What was found out so far, and how far the work has come. */
interface Progress {
  readonly reports: PeerReport[];
  readonly findings: Finding[];
  readonly onBytes: (bytes: number) => void;
}

/**
 * Checks a network's data folder from the raw bytes of its blocks: frames, links, signatures of orderers, creators and
 * endorsers, every verdict with policies, reads and ranges, the state that follows, each peer's index and private data,
 * and that the peers of each channel agree. Changes nothing; what follows from the blocks is written down in a folder
 * for temporary files, so that memory does not grow with the chain. A network may run meanwhile: then its indexes are in use, and blocks
 * that arrive during the check are not looked at.
 * @param folder the data folder. @param signal ends the check early, with what it wrote down removed
 * @throws the file system's own errors; the signal's reason
 */
export async function checkNetwork(
  folder: string,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<NetworkReport> {
  const channels = ledgerFolders(folder).map((ledgers) => placesIn(folder, ledgers));
  const allBytes = channels.flat().reduce((sum, place) => sum + bytesOf(place), 0);
  const [findings, reports]: [Finding[], PeerReport[]] = [[], []];
  let doneBytes = 0;
  for (const places of channels) {
    await checkChannel(folder, places, {
      reports,
      findings,
      onBytes: (bytes) => {
        signal?.throwIfAborted();
        onProgress(doneBytes + bytes, allBytes);
      },
    });
    doneBytes += places.reduce((sum, place) => sum + bytesOf(place), 0);
  }
  const sound = findings.length === 0 && reports.length > 0;
  return { sound, channel: reports[0]?.channel ?? '', peers: reports, findings };
}

/** The first channel's ledgers and each other one's. */
function ledgerFolders(folder: string): string[] {
  const further = join('ledgers', 'channels');
  return ['ledgers', ...foldersIn(join(folder, further)).map((name) => join(further, name))];
}

/** The peers' folders that hold a block file. */
function placesIn(folder: string, ledgers: string): LedgerPlace[] {
  return foldersIn(join(folder, ledgers))
    .map((peer) => ({ peer, folder: join(ledgers, peer) }))
    .filter((place) => existsSync(join(folder, blocksFile(place))))
    .map((place) => ({ ...place, blockBytes: sizeOf(folder, place), indexBytes: indexSizeOf(folder, place) }));
}

function bytesOf({ blockBytes, indexBytes }: LedgerPlace): number {
  return blockBytes + indexBytes;
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1));
}

async function checkChannel(folder: string, places: readonly LedgerPlace[], progress: Progress): Promise<void> {
  const { findings, reports } = progress;
  const heights: { readonly place: LedgerPlace; readonly blocks: number }[] = [];
  let doneBytes = 0;
  let sound: Replayed | undefined;
  try {
    for (const place of places) {
      const onBytes = (bytes: number): void => {
        progress.onBytes(doneBytes + bytes);
      };
      const replayed = await replayOnce(folder, place, sound, onBytes);
      try {
        doneBytes += place.blockBytes;
        reports.push(await checkPeer(folder, replayed, findings, onBytes));
        heights.push({ place, blocks: replayed.chain.height });
      } finally {
        if (sound === undefined && replayed.fault === undefined) sound = replayed;
        else if (replayed.scratch !== sound?.scratch) await replayed.scratch.close();
      }
      doneBytes += place.indexBytes;
      progress.onBytes(doneBytes);
    }
  } finally {
    await sound?.scratch.close();
  }
  findings.push(...disagreements(folder, heights));
}

/** Compares one peer's databases with what its chain leads to. */
async function checkPeer(
  folder: string,
  replayed: Replayed,
  findings: Finding[],
  onBytes: (bytes: number) => void,
): Promise<PeerReport> {
  const { place, chain, fault } = replayed;
  if (fault !== undefined) findings.push(fault);
  const look = async (
    name: string,
    check: (path: string) => Promise<readonly DatabaseFault[] | undefined>,
  ): Promise<DatabaseState> => {
    if (fault !== undefined) return 'skipped';
    const file = join(place.folder, name);
    if (!existsSync(join(folder, file))) return 'absent';
    const faults = await check(join(folder, file));
    if (faults === undefined) return 'in-use';
    findings.push(...faults.map(({ code, detail }) => ({ code, peer: place.peer, file, detail })));
    return 'checked';
  };
  let privateSetsMissing = 0;
  const index = await look('index', (path) =>
    checkIndex(path, replayed, (share) => {
      onBytes(share * place.indexBytes);
    }),
  );
  const privateData = await look('private', async (path) => {
    const report = await checkPrivateData(path, replayed.scratch, chain.height);
    privateSetsMissing = report?.missing ?? 0;
    return report?.faults;
  });
  const { height: blocks, transactions, channelName } = chain;
  const about = { peer: place.peer, channel: display(channelName), blocks, transactions };
  return { ...about, index, privateData, privateSetsMissing };
}

function blocksFile({ folder }: Pick<LedgerPlace, 'folder'>): string {
  return join(folder, 'blocks');
}

function sizeOf(folder: string, place: Pick<LedgerPlace, 'folder'>): number {
  const records = new BlockRecords(join(folder, blocksFile(place)));
  records.close();
  return records.size;
}

function indexSizeOf(folder: string, place: Pick<LedgerPlace, 'folder'>): number {
  const index = join(folder, place.folder, 'index');
  if (!existsSync(index)) return 0;
  // Files come and go while a network runs.
  const sizes = readdirSync(index).map((name) => statSync(join(index, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Equal bytes lead to equal verdicts: a chain is replayed once, however many peers hold it. */
async function replayOnce(
  folder: string,
  place: LedgerPlace,
  sound: Replayed | undefined,
  onBytes: (bytes: number) => void,
): Promise<Replayed> {
  const isSame =
    sound !== undefined &&
    place.blockBytes === sound.fileBytes &&
    firstDifference(...pathsOf(folder, place, sound.place), sound.fileBytes, onBytes) === undefined;
  return isSame ? { ...sound, place } : replayPeer(folder, place, onBytes);
}

function pathsOf(folder: string, ...places: readonly [LedgerPlace, LedgerPlace]): [string, string] {
  return [join(folder, blocksFile(places[0])), join(folder, blocksFile(places[1]))];
}

async function replayPeer(folder: string, place: LedgerPlace, onBytes: (bytes: number) => void): Promise<Replayed> {
  const records = new BlockRecords(join(folder, blocksFile(place)));
  const scratch = await Scratch.open();
  const chain = new Chain(scratch, ({ offset, length }) => records.bytes(offset, length));
  const replayed = { place, chain, scratch, fileBytes: records.size };
  try {
    for (const record of records.records()) {
      await chain.replay(record);
      onBytes(record.end);
    }
    const empty = {
      peer: place.peer,
      file: blocksFile(place),
      code: 'CHAIN_EMPTY',
      detail: 'no block at all',
    } as const;
    return { ...replayed, fault: chain.height === 0 ? empty : undefined };
  } catch (cause) {
    if (cause instanceof ChainFault) return { ...replayed, fault: describe(place, chain, cause) };
    await scratch.close();
    throw cause;
  } finally {
    records.close();
  }
}

function describe(place: LedgerPlace, chain: Chain, { code, from, to, transaction, message }: ChainFault): Finding {
  const block = String(chain.height);
  const at = transaction === undefined ? {} : { transaction };
  return { code, peer: place.peer, block, ...at, file: blocksFile(place), from, to, detail: message };
}

/** Peers of one channel hold the same blocks, byte for byte; one that was stopped may hold fewer of them. */
function disagreements(
  folder: string,
  heights: readonly { readonly place: LedgerPlace; readonly blocks: number }[],
): Finding[] {
  const [longest] = heights.toSorted((a, b) => b.blocks - a.blocks);
  if (longest === undefined) return [];
  return heights.flatMap(({ place, blocks }) => {
    const paths = pathsOf(folder, place, longest.place);
    const at = place === longest.place ? undefined : firstDifference(...paths, place.blockBytes);
    const record = at === undefined ? undefined : recordAt(paths[0], at, blocks);
    if (record === undefined) return [];
    const detail = `not the block ${record.number} of ${longest.place.peer}; each follows from its own bytes`;
    const range = { file: blocksFile(place), from: record.from, to: record.to };
    return [{ code: 'PEERS_DISAGREE' as const, peer: place.peer, block: String(record.number), ...range, detail }];
  });
}

/** The block in which a byte lies, if it is one of the first `blocks`. */
function recordAt(path: string, at: number, blocks: number): { number: number; from: number; to: number } | undefined {
  const records = new BlockRecords(path);
  try {
    let number = 0;
    for (const { offset, end } of records.records()) {
      if (number >= blocks) return undefined;
      if (at < end) return { number, from: offset, to: end };
      number += 1;
    }
    return undefined;
  } finally {
    records.close();
  }
}
