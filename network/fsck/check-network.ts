import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { sha256 } from './block.js';
import { BlockRecords } from './block-records.js';
import { Chain, type ReplayedBlock } from './chain.js';
import { ChainFault, type Finding } from './finding.js';
import { checkIndex, historyMark, type HistoryMarks } from './peer-index.js';
import { display } from './protobuf.js';

/** What was found out about one peer. */
export interface PeerReport {
  readonly peer: string;
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
  /** Name of the channel, empty where no block could be read. */
  readonly channel: string;
  readonly peers: readonly PeerReport[];
  readonly findings: readonly Finding[];
}

/** Told how far the work has come, in bytes of block files; indexes are not counted. */
export type OnProgress = (doneBytes: number, allBytes: number) => void;

interface Replayed {
  readonly peer: string;
  readonly chain: Chain;
  readonly history: HistoryMarks;
  readonly fileBytes: number;
  readonly fault: Finding | undefined;
}

/**
 * Checks a network's data folder from the raw bytes of its blocks: frames, links, signatures of orderers, creators and
 * endorsers, every verdict with policies, reads and ranges, the state that follows, each peer's index, and that the
 * peers agree. Changes nothing. A network may run meanwhile: then its indexes are in use, and blocks that arrive during
 * the check are not looked at.
 * @param folder the data folder. @throws the file system's own errors
 */
export async function checkNetwork(folder: string, onProgress: OnProgress = () => undefined): Promise<NetworkReport> {
  const peers = peersOf(folder);
  const sizes = peers.map((peer) => sizeOf(folder, peer));
  const allBytes = sizes.reduce((sum, size) => sum + size, 0);
  const findings: Finding[] = [];
  const reports: PeerReport[] = [];
  const chains: { readonly peer: string; readonly blocks: readonly ReplayedBlock[] }[] = [];
  let [doneBytes, channel] = [0, ''];
  let sound: Replayed | undefined;
  for (const [index, peer] of peers.entries()) {
    const onBytes = (bytes: number): void => {
      onProgress(doneBytes + bytes, allBytes);
    };
    const replayed = replayOnce(folder, peer, sound, onBytes);
    sound ??= replayed.fault === undefined ? { ...replayed, history: new Set(replayed.history) } : undefined;
    doneBytes += sizes[index] ?? 0;
    channel ||= display(replayed.chain.channelName);
    if (replayed.fault !== undefined) findings.push(replayed.fault);
    const state = await checkPeerIndex(folder, replayed, findings);
    const { blocks, transactions } = replayed.chain;
    chains.push({ peer, blocks });
    reports.push({ peer, blocks: blocks.length, transactions: transactions.size, index: state });
  }
  findings.push(...disagreements(chains));
  return { sound: findings.length === 0 && peers.length > 0, channel, peers: reports, findings };
}

/** Folders below `ledgers/` that hold a block file. */
function peersOf(folder: string): string[] {
  const ledgers = join(folder, 'ledgers');
  if (!existsSync(ledgers)) return [];
  return readdirSync(ledgers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ledgers, entry.name, 'blocks')))
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1));
}

function blocksFile(peer: string): string {
  return join('ledgers', peer, 'blocks');
}

function sizeOf(folder: string, peer: string): number {
  const records = new BlockRecords(join(folder, blocksFile(peer)));
  records.close();
  return records.size;
}

/** Equal bytes lead to equal verdicts: a chain is replayed once, however many peers hold it. */
function replayOnce(
  folder: string,
  peer: string,
  sound: Replayed | undefined,
  onBytes: (bytes: number) => void,
): Replayed {
  if (sound === undefined || !holdsSame(folder, peer, sound, onBytes)) return replayPeer(folder, peer, onBytes);
  return { ...sound, peer, history: new Set(sound.history) }; // The check of an index uses it up.
}

/** Whether a peer's block file holds the very blocks that were replayed, and no others. */
function holdsSame(
  folder: string,
  peer: string,
  { chain, fileBytes }: Replayed,
  onBytes: (bytes: number) => void,
): boolean {
  const records = new BlockRecords(join(folder, blocksFile(peer)));
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

function replayPeer(folder: string, peer: string, onBytes: (bytes: number) => void): Replayed {
  const records = new BlockRecords(join(folder, blocksFile(peer)));
  const history: HistoryMarks = new Set();
  const chain = new Chain(
    ({ offset, length }) => records.bytes(offset, length),
    (namespace, key, block, index) => history.add(historyMark(namespace, key, block, index)),
  );
  const replayed = { peer, chain, history, fileBytes: records.size };
  try {
    for (const record of records.records()) {
      chain.replay(record);
      onBytes(record.end);
    }
    const empty = { peer, file: blocksFile(peer), code: 'CHAIN_EMPTY', detail: 'no block at all' } as const;
    return { ...replayed, fault: chain.blocks.length === 0 ? empty : undefined };
  } catch (cause) {
    if (!(cause instanceof ChainFault)) throw cause;
    return { ...replayed, fault: describe(peer, chain, cause) };
  } finally {
    records.close();
  }
}

function describe(peer: string, chain: Chain, { code, from, to, transaction, message }: ChainFault): Finding {
  const block = String(chain.blocks.length);
  const at = transaction === undefined ? {} : { transaction };
  return { code, peer, block, ...at, file: blocksFile(peer), from, to, detail: message };
}

async function checkPeerIndex(folder: string, replayed: Replayed, findings: Finding[]): Promise<PeerReport['index']> {
  const { peer, fault } = replayed;
  if (fault !== undefined) return 'skipped';
  const file = join('ledgers', peer, 'index');
  if (!existsSync(join(folder, file))) return 'absent';
  const faults = await checkIndex(join(folder, file), replayed);
  if (faults === undefined) return 'in-use';
  findings.push(...faults.map(({ code, detail }) => ({ code, peer, file, detail })));
  return 'checked';
}

/** Peers of one channel hold the same blocks, byte for byte; one that was stopped may hold fewer of them. */
function disagreements(
  chains: readonly { readonly peer: string; readonly blocks: readonly ReplayedBlock[] }[],
): Finding[] {
  const [longest] = chains.toSorted((a, b) => b.blocks.length - a.blocks.length);
  if (longest === undefined) return [];
  return chains.flatMap(({ peer, blocks }) => {
    const at = blocks.findIndex(
      ({ contentHash }, index) => longest.blocks[index]?.contentHash.equals(contentHash) !== true,
    );
    const block = blocks[at];
    if (block === undefined) return [];
    const { number, offset, length } = block;
    const detail = `not the block ${number} of ${longest.peer}; each follows from its own bytes`;
    const range = { file: blocksFile(peer), from: offset, to: offset + length + 8 };
    return [{ code: 'PEERS_DISAGREE' as const, peer, block: String(number), ...range, detail }];
  });
}
