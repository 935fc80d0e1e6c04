import { common } from '@hyperledger/fabric-protos';

import { pollFor } from '../../../network/manager/poll.js';
import { heightOf } from '../network/block-stream.js';
import { readTransactions } from '../network/chain-reader.js';
import { type TestNetwork } from '../network/test-network.js';
import { findIndexFaults, findRecordFaults, indexedBlocks, readChains } from '../soak/chain-check.js';
import { areGatewaysReady, findAuditFaults } from '../soak/crash-round.js';
import { type Acknowledgement, type SoakRequest } from '../soak/load.js';

/** Asks peers as somebody who writes nothing. */
const READER = 'gateway@beijing';
const WAIT_MS_MAX = 90_000;
const ASK_EVERY_MS = 200;
const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;

/** What was found after a drill; no fault means that everything held. */
export interface DrillFindings {
  readonly blocks: number;
  readonly faults: readonly string[];
}

/** Height of every peer, in the order of `network.peers`; -1 for one that does not answer. */
export function heightsOf(network: TestNetwork): Promise<number[]> {
  return Promise.all(
    network.peers.map(({ mspId }) => heightOf(network.connectAs(READER, mspId)).then(Number, () => -1)),
  );
}

/** Transaction ids that are on the first peer's chain and valid. */
export async function committedIds(network: TestNetwork): Promise<ReadonlySet<string>> {
  const [chain = []] = await readChains(network);
  const valid = readTransactions(chain).filter(({ code }) => code === 'VALID');
  return new Set(valid.map(({ txId }) => txId));
}

/**
 * Waits until all peers are at one height and all gateways have indexed it, then compares everything with what was
 * promised: each record once, by the transaction and in the block that were named; peers equal in content, verdicts and
 * state; audit indexes equal to the chain.
 */
export async function findDrillFaults(
  network: TestNetwork,
  promised: ReadonlyMap<SoakRequest, Acknowledgement>,
): Promise<DrillFindings> {
  const level = await pollFor(WAIT_MS_MAX, () => isLevel(network), ASK_EVERY_MS);
  const ready = await pollFor(WAIT_MS_MAX, () => areGatewaysReady(network), ASK_EVERY_MS);
  const chains = await readChains(network);
  const [chain = []] = chains;
  await pollFor(WAIT_MS_MAX, () => isIndexed(network, chain.length), ASK_EVERY_MS);
  return {
    blocks: chain.length,
    faults: [
      ...(level === undefined ? ['the peers did not come to one height'] : []),
      ...(ready === undefined ? ['a gateway did not become ready'] : []),
      ...findDivergence(network, chains),
      ...findRecordFaults(readTransactions(chain), promised),
      ...findIndexFaults(network, chain),
      ...(await findAuditFaults(network)),
    ],
  };
}

async function isLevel(network: TestNetwork): Promise<true | undefined> {
  const [first = -1, ...others] = await heightsOf(network);
  return (first >= 0 && others.every((height) => height === first)) || undefined;
}

function isIndexed(network: TestNetwork, blocks: number): true | undefined {
  const { organisations } = network.topology;
  return organisations.every(({ name }) => indexedBlocks(network, name) >= blocks) || undefined;
}

/**
 * Compares the peers block by block: header, content, verdicts and the hash over all state changes so far. Signatures
 * differ rightly: each peer may have its block from another orderer, with another quorum's signatures.
 */
function findDivergence(network: TestNetwork, chains: readonly (readonly Buffer[])[]): string[] {
  const [first = [], ...others] = chains.map((chain) => chain.map(essence));
  return others.flatMap((other, index) => {
    const name = network.peers[index + 1]?.name ?? '';
    if (other.length !== first.length) return [`${name} has ${other.length} blocks, the first peer ${first.length}`];
    const at = other.findIndex((block, number) => block !== first[number]);
    return at < 0 ? [] : [`${name} has another content, verdict or state at block ${at}`];
  });
}

function essence(bytes: Buffer): string {
  const block = common.Block.deserializeBinary(bytes);
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  return [
    Buffer.from(block.getHeader()?.serializeBinary() ?? []).toString('hex'),
    Buffer.from(block.getData()?.serializeBinary() ?? []).toString('hex'),
    ...[TRANSACTIONS_FILTER, COMMIT_HASH].map((index) => Buffer.from(metadata[index] ?? []).toString('hex')),
  ].join(' ');
}
