import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { type Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { type MissingSet } from '../../../../network/embedded/ledger/private-store.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { readBlock } from '../../../../network/embedded/wire/block.js';
import { withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { peerBlockBytes } from '../../../vectors/vectors.js';
import { judgeFor } from '../ledger/ledger-folder.js';

/** Blocks of a real Fabric network that follow one another. */
export const REAL = [0, 1, 2, 3, 4] as const;

/** A record of a block file: length, CRC-32, content. */
export function frame(content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length, 0);
  head.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([head, content]);
}

/** Byte at which a real block's content begins in a file of all of them. */
export function startOf(number: number): number {
  return REAL.slice(0, number).reduce((at, each) => at + 8 + peerBlockBytes(each).length, 8);
}

/** Writes a peer's block file into a data folder. @returns its path */
export function writeBlocks(data: string, peer: string, bytes: Buffer): string {
  const folder = join(data, 'ledgers', peer);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'blocks'), bytes);
  return join(folder, 'blocks');
}

/** The real blocks as one file. */
export function realBlocks(): Buffer {
  return Buffer.concat(REAL.map((number) => frame(peerBlockBytes(number))));
}

/** What members of private collections would keep: this peer is none, and knows that it lacks it. */
function privateSetsOf({ transactions }: Verdicts): MissingSet[] {
  return transactions.flatMap(({ rwset }, txIndex) =>
    rwset.flatMap(({ namespace, collections }) =>
      collections.map(({ collection }) => ({ txIndex, namespace, collection, blockToLive: 0n })),
    ),
  );
}

/** A ledger that judged and committed the real blocks itself, with its index. @returns the index's folder */
export async function commitRealBlocks(data: string, peer: string): Promise<string> {
  const folder = join(data, 'ledgers', peer);
  const ledger = await PeerLedger.open(folder, { fsync: false });
  const channel = readChannelConfig(peerBlockBytes(0));
  for (const number of REAL) {
    const block = withVerdicts(readBlock(peerBlockBytes(number)), [], new Uint8Array(0));
    const verdicts = await judgeFor(ledger, block, channel);
    await ledger.commit(block, verdicts, { sets: [], missing: privateSetsOf(verdicts) });
  }
  await ledger.close();
  return join(folder, 'index');
}
