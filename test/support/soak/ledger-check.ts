import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PeerLedger } from '../../../network/embedded/ledger/peer-ledger.js';
import { type TestNetwork } from '../network/test-network.js';

/** What one peer has on its disk. */
interface StoredLedger {
  readonly peer: string;
  /** SHA-256 of the block file, hex. */
  readonly blocks: string;
  /** SHA-256 over every key, value, version and policy of every namespace, hex. */
  readonly state: string;
  readonly keys: number;
  readonly height: number;
  /** Number of the first block that differs from the delivered one, -1 where none does. */
  readonly strayBlock: number;
}

/**
 * Reads what the peers of a network that is down have stored, and checks each ledger against itself.
 * @param delivered the chain as a peer delivered it while the network ran. @returns the number of keys in the state,
 * and what is wrong, one sentence each.
 */
export async function compareLedgers(
  network: TestNetwork,
  delivered: readonly Buffer[],
): Promise<{ readonly keys: number; readonly faults: readonly string[] }> {
  const stored: StoredLedger[] = [];
  for (const { domain } of network.topology.organisations) {
    stored.push(await readStored(network, `peer0.${domain}`, delivered));
  }
  const [first] = stored;
  if (first === undefined) throw new Error('a network has peers');
  return { keys: first.keys, faults: stored.flatMap((each) => findDifferences(each, first, delivered.length)) };
}

function findDifferences(stored: StoredLedger, first: StoredLedger, delivered: number): string[] {
  const { peer, blocks, state, height, strayBlock } = stored;
  return [
    ...(height === delivered ? [] : [`${peer} stored ${height} blocks, ${delivered} were delivered`]),
    ...(strayBlock < 0 ? [] : [`${peer} stored another block ${strayBlock} than was delivered`]),
    ...(blocks === first.blocks ? [] : [`${peer} stored another block file than ${first.peer}`]),
    ...(state === first.state ? [] : [`${peer} has another state than ${first.peer}`]),
  ];
}

async function readStored(network: TestNetwork, peer: string, delivered: readonly Buffer[]): Promise<StoredLedger> {
  const folder = join(network.folder.root, 'ledgers', peer);
  const ledger = await PeerLedger.open(folder);
  try {
    await ledger.verify();
    let strayBlock = -1;
    for (let number = Math.min(delivered.length, Number(ledger.height)) - 1; number >= 0; number -= 1) {
      if (delivered[number]?.equals(await ledger.blockBytes(BigInt(number))) !== true) strayBlock = number;
    }
    const blocks = hash(await readFile(join(folder, 'blocks')));
    return { peer, blocks, strayBlock, ...(await readState(network, ledger)) };
  } finally {
    await ledger.close();
  }
}

async function readState(
  network: TestNetwork,
  ledger: PeerLedger,
): Promise<Pick<StoredLedger, 'state' | 'keys' | 'height'>> {
  const digest = createHash('sha256');
  const state = ledger.openState();
  let keys = 0;
  for (const namespace of ['_lifecycle', ...network.topology.chaincodes.map(({ name }) => name)]) {
    for await (const { key, entry } of state.range(namespace, '', '')) {
      keys += 1;
      const { value, version, metadata } = entry;
      const policies = [...metadata].map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]);
      const place = [String(version.blockNumber), version.txIndex];
      digest.update(JSON.stringify([namespace, key, Buffer.from(value).toString('hex'), place, policies]));
    }
  }
  await state.close();
  return { state: digest.digest('hex'), keys, height: Number(ledger.height) };
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
