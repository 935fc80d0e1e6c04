import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { sha256 } from './block.js';
import { BlockRecords } from './block-records.js';
import { Chain, type ReplayedBlock } from './chain.js';
import { ChainFault, type Finding } from './finding.js';
import { checkIndex, historyMark, type HistoryMarks } from './peer-index.js';
import { display } from './protobuf.js';

/** What was found out about one peer on one channel. */
export interface PeerReport {
  readonly peer: string;
  /** Name of the channel, empty where no block could be read. */
  readonly channel: string;
  /** Blocks that hold, counted from block 0. */
  readonly blocks: number;
  readonly transactions: number;
  /** `in-use`: a running network has it open; `absent`: it comes back at the next start; `skipped`: its chain is broken. */
  readonly index: 'checked' | 'in-use' | 'absent' | 'skipped';
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

interface Replayed {
  readonly place: LedgerPlace;
  readonly chain: Chain;
  readonly history: HistoryMarks;
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
 * endorsers, every verdict with policies, reads and ranges, the state that follows, each peer's index, and that the
 * peers of each channel agree. Changes nothing. A network may run meanwhile: then its indexes are in use, and blocks
 * that arrive during the check are not looked at.
 * @param folder the data folder. @throws the file system's own errors
 */
export async function checkNetwork(folder: string, onProgress: OnProgress = () => undefined): Promise<NetworkReport> {
  const channels = ledgerFolders(folder).map((ledgers) => placesIn(folder, ledgers));
  const allBytes = channels.flat().reduce((sum, place) => sum + bytesOf(place), 0);
  const [findings, reports]: [Finding[], PeerReport[]] = [[], []];
  let doneBytes = 0;
  for (const places of channels) {
    await checkChannel(folder, places, {
      reports,
      findings,
      onBytes: (bytes) => {
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
  const chains: { readonly place: LedgerPlace; readonly blocks: readonly ReplayedBlock[] }[] = [];
  let doneBytes = 0;
  let sound: Replayed | undefined;
  for (const place of places) {
    const onBytes = (bytes: number): void => {
      progress.onBytes(doneBytes + bytes);
    };
    const replayed = replayOnce(folder, place, sound, onBytes);
    sound ??= replayed.fault === undefined ? replayed : undefined;
    doneBytes += place.blockBytes;
    if (replayed.fault !== undefined) findings.push(replayed.fault);
    const index = await checkPeerIndex(folder, replayed, findings, (share) => {
      onBytes(share * place.indexBytes);
    });
    doneBytes += place.indexBytes;
    onBytes(0);
    const { blocks, transactions, channelName } = replayed.chain;
    chains.push({ place, blocks });
    const channel = display(channelName);
    reports.push({ peer: place.peer, channel, blocks: blocks.length, transactions: transactions.size, index });
  }
  findings.push(...disagreements(chains));
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
function replayOnce(
  folder: string,
  place: LedgerPlace,
  sound: Replayed | undefined,
  onBytes: (bytes: number) => void,
): Replayed {
  if (sound === undefined || !holdsSame(folder, place, sound, onBytes)) return replayPeer(folder, place, onBytes);
  return { ...sound, place };
}

/** Whether a peer's block file holds the very blocks that were replayed, and no others. */
function holdsSame(
  folder: string,
  place: LedgerPlace,
  { chain, fileBytes }: Replayed,
  onBytes: (bytes: number) => void,
): boolean {
  const records = new BlockRecords(join(folder, blocksFile(place)));
  try {
    if (records.size !== fileBytes) return false;
    let count = 0;
    for (const { content, end } of records.records()) {
      if (chain.blocks[count]?.contentHash.equals(sha256(content)) !== true) return false;
      count += 1;
      onBytes(end);
    }
    return count === chain.blocks.length;
  } catch (cause) {
    if (cause instanceof ChainFault) return false; // The replay says what is wrong.
    throw cause;
  } finally {
    records.close();
  }
}

function replayPeer(folder: string, place: LedgerPlace, onBytes: (bytes: number) => void): Replayed {
  const records = new BlockRecords(join(folder, blocksFile(place)));
  const history = new Set<string>();
  const chain = new Chain(
    ({ offset, length }) => records.bytes(offset, length),
    (namespace, key, block, index) => history.add(historyMark(namespace, key, block, index)),
  );
  const replayed = { place, chain, history, fileBytes: records.size };
  try {
    for (const record of records.records()) {
      chain.replay(record);
      onBytes(record.end);
    }
    const empty = {
      peer: place.peer,
      file: blocksFile(place),
      code: 'CHAIN_EMPTY',
      detail: 'no block at all',
    } as const;
    return { ...replayed, fault: chain.blocks.length === 0 ? empty : undefined };
  } catch (cause) {
    if (!(cause instanceof ChainFault)) throw cause;
    return { ...replayed, fault: describe(place, chain, cause) };
  } finally {
    records.close();
  }
}

function describe(place: LedgerPlace, chain: Chain, { code, from, to, transaction, message }: ChainFault): Finding {
  const block = String(chain.blocks.length);
  const at = transaction === undefined ? {} : { transaction };
  return { code, peer: place.peer, block, ...at, file: blocksFile(place), from, to, detail: message };
}

async function checkPeerIndex(
  folder: string,
  replayed: Replayed,
  findings: Finding[],
  onShare: (share: number) => void,
): Promise<PeerReport['index']> {
  const { place, fault } = replayed;
  if (fault !== undefined) return 'skipped';
  const file = join(place.folder, 'index');
  if (!existsSync(join(folder, file))) return 'absent';
  const faults = await checkIndex(join(folder, file), replayed, onShare);
  if (faults === undefined) return 'in-use';
  findings.push(...faults.map(({ code, detail }) => ({ code, peer: place.peer, file, detail })));
  return 'checked';
}

/** Peers of one channel hold the same blocks, byte for byte; one that was stopped may hold fewer of them. */
function disagreements(
  chains: readonly { readonly place: LedgerPlace; readonly blocks: readonly ReplayedBlock[] }[],
): Finding[] {
  const [longest] = chains.toSorted((a, b) => b.blocks.length - a.blocks.length);
  if (longest === undefined) return [];
  return chains.flatMap(({ place, blocks }) => {
    const at = blocks.findIndex(
      ({ contentHash }, index) => longest.blocks[index]?.contentHash.equals(contentHash) !== true,
    );
    const block = blocks[at];
    if (block === undefined) return [];
    const { number, offset, length } = block;
    const detail = `not the block ${number} of ${longest.place.peer}; each follows from its own bytes`;
    const range = { file: blocksFile(place), from: offset, to: offset + length + 8 };
    return [{ code: 'PEERS_DISAGREE' as const, peer: place.peer, block: String(number), ...range, detail }];
  });
}
