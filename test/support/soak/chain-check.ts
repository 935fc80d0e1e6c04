import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { readChain } from '../network/block-stream.js';
import { type ChainTransaction, headerHash, readChainBlock } from '../network/chain-reader.js';
import { type TestNetwork } from '../network/test-network.js';
import { type Acknowledgement, type SoakRequest } from './load.js';

/** Asks peers as somebody who writes nothing. */
const READER = 'gateway@beijing';

/** Every peer's chain as it delivers it, in the order of `network.peers`. */
export function readChains(network: TestNetwork): Promise<readonly (readonly Buffer[])[]> {
  return Promise.all(network.peers.map(({ mspId }) => readChain(network.connectAs(READER, mspId))));
}

/** @returns what is wrong with the chains, one sentence each: lengths, bytes, links, contents. */
export function findChainFaults(network: TestNetwork, chains: readonly (readonly Buffer[])[]): string[] {
  const [first = []] = chains;
  const faults = chains.flatMap((chain, index) => {
    const name = network.peers[index]?.name ?? '';
    if (chain.length !== first.length) return [`${name} has ${chain.length} blocks, the first peer ${first.length}`];
    const other = chain.findIndex((block, number) => !block.equals(first[number] ?? Buffer.alloc(0)));
    return other < 0 ? [] : [`${name} holds other bytes in block ${other}`];
  });
  for (const [number, bytes] of first.entries()) {
    const block = readChainBlock(bytes);
    const previous = first[number - 1];
    if (block.number !== number) faults.push(`block ${number} calls itself ${block.number}`);
    if (!block.contentHash.equals(block.dataHash))
      faults.push(`block ${number} has other contents than its header says`);
    if (previous !== undefined && block.previousHash.toString('hex') !== headerHash(previous)) {
      faults.push(`block ${number} does not follow block ${number - 1}`);
    }
  }
  return faults;
}

/**
 * Looks for each promised record on the chain: made once, by a valid transaction, the one and the block that were
 * named. Records are counted by their file's digest, which no two requests share, so that a repetition which made a
 * second record under another id is noticed. @returns what is wrong, one sentence each.
 */
export function findRecordFaults(
  transactions: readonly ChainTransaction[],
  promised: ReadonlyMap<SoakRequest, Acknowledgement>,
): string[] {
  const makers = new Map<string, (ChainTransaction & { readonly evidenceId: string })[]>();
  for (const transaction of transactions) {
    if (transaction.code !== 'VALID' || transaction.event?.name !== 'evidence.registered') continue;
    const { evidenceId, digests } = JSON.parse(transaction.event.payload) as {
      evidenceId: string;
    } & SoakRequest['body'];
    const file = digests['sha-256'];
    makers.set(file, [...(makers.get(file) ?? []), { ...transaction, evidenceId }]);
  }
  return [...promised].flatMap(([{ body }, { evidenceId, txId, blockNumber }]) => {
    const [maker, ...others] = makers.get(body.digests['sha-256']) ?? [];
    if (maker === undefined) return [`${evidenceId} was acknowledged and is not on the chain`];
    if (others.length > 0) return [`the file of ${evidenceId} was recorded ${others.length + 1} times`];
    if (maker.evidenceId !== evidenceId) return [`${evidenceId} was recorded as ${maker.evidenceId}`];
    if (!maker.writes.some((key) => key.includes(evidenceId))) return [`${evidenceId} was told and not written`];
    if (maker.txId !== txId) return [`${evidenceId} was made by another transaction than acknowledged`];
    const wrongBlock = blockNumber >= 0 && maker.blockNumber !== blockNumber;
    return wrongBlock ? [`${evidenceId} is in block ${maker.blockNumber}, not ${blockNumber}`] : [];
  });
}

/** @returns where a gateway's audit index, read as a file, says something else than the chain. */
export function findIndexFaults(network: TestNetwork, chain: readonly Buffer[]): string[] {
  const expected = chain.flatMap((bytes) =>
    readChainBlock(bytes).transactions.map(
      ({ blockNumber, index, txId, code }) => `${blockNumber} ${index} ${txId} ${code}`,
    ),
  );
  const hashes = chain.map((bytes, number) => `${number} ${headerHash(bytes)}`);
  return network.topology.organisations.flatMap(({ name }) => {
    using index = openIndex(join(network.folder.gateways, `${name}.sqlite`));
    const events = index.rows('SELECT block, position, tx_id, code FROM event ORDER BY block, position');
    const blocks = index.rows('SELECT number, hash FROM block ORDER BY number');
    const faults = [...firstDifference(events, expected), ...firstDifference(blocks, hashes)];
    return faults.map((fault) => `the index of ${name}: ${fault}`);
  });
}

/** Blocks that a gateway's index holds; for waiting until it has come to the chain's end. */
export function indexedBlocks(network: TestNetwork, organisation: string): number {
  using index = openIndex(join(network.folder.gateways, `${organisation}.sqlite`));
  return Number(index.rows('SELECT count(*) FROM block')[0] ?? 0);
}

function openIndex(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  return {
    rows: (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => Object.values(row).join(' ')),
    [Symbol.dispose]: () => {
      database.close();
    },
  };
}

function firstDifference(found: readonly string[], expected: readonly string[]): string[] {
  const length = Math.max(found.length, expected.length);
  const at = Array.from({ length }, (_, n) => n).find((n) => found[n] !== expected[n]);
  return at === undefined
    ? []
    : [`row ${at} is "${found[at] ?? 'missing'}", the chain says "${expected[at] ?? 'nothing'}"`];
}
