import { createHash } from 'node:crypto';

import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { type LedgerBlock } from '../ledger/block.js';
import { type BlockSource } from '../ledger/port.js';
import { type IntegrityProgress, type IntegrityReport, type PeerFinding } from '../openapi/types.js';
import { ChainFault, type ChainTip, checkNext } from './chain.js';
import { projectBlock } from './projection.js';
import { type AuditQuery } from './query.js';

/** Blocks after which an audit tells how far it has come. */
const PROGRESS_BLOCKS = 200;

/** What an audit reads. */
export interface IntegrityOptions {
  readonly home: BlockSource;
  readonly others: readonly BlockSource[];
  readonly query: AuditQuery;
  readonly chaincode: string;
  /** Hears how far it is: every 200 blocks, and at the end of each peer's chain. */
  readonly progress?: (progress: IntegrityProgress) => Promise<void>;
}

/**
 * Reads the chain again from block 0: numbers without a gap, hash links, contents against headers, the index against
 * the home peer's blocks, and the peers against each other. Peers that cannot be reached are named, not counted.
 * @param tip the checkpoint up to which all is compared. @throws UNVERIFIABLE_NOW where the home peer does not answer.
 */
export async function auditIntegrity(
  { home, others, query, chaincode, progress }: IntegrityOptions,
  tip: ChainTip,
  signal: AbortSignal,
): Promise<IntegrityReport> {
  const compare = (block: LedgerBlock): void => {
    const indexed = query.block(block.number);
    const same =
      indexed?.hash === block.hash && canonicalJson(indexed.events) === canonicalJson(projectBlock(block, chaincode));
    if (!same) throw new ChainFault(block.number, 'INDEX');
  };
  const tellOf = (source: BlockSource, number: number) => async (read: number) => {
    const blocks = tip.number + 1;
    if (read % PROGRESS_BLOCKS !== 0 && read !== blocks) return;
    await progress?.({ peer: source.name, number, peers: others.length + 1, read, blocks });
  };
  const first = await readChain(home, tip, signal, tellOf(home, 1), compare);
  const rest: PeerFinding[] = [];
  // One after the other: an audit may take its time, and must not take the machine.
  for (const [index, other] of others.entries()) {
    const reading = readChain(other, tip, signal, tellOf(other, index + 2));
    rest.push(await reading.catch((error: unknown) => absent(other, error)));
  }
  const peers = [first, ...rest];
  const agreeing = peers.filter(({ digest }) => digest !== undefined && digest === first.digest).length;
  const answered = peers.filter(({ reachable }) => reachable).length;
  return { verdict: agreeing === answered ? 'SOUND' : 'BROKEN', blocks: tip.number + 1, peers, agreeing };
}

async function readChain(
  source: BlockSource,
  tip: ChainTip,
  signal: AbortSignal,
  tell: (read: number) => Promise<void>,
  compare: (block: LedgerBlock) => void = () => undefined,
): Promise<PeerFinding> {
  const digest = createHash('sha256');
  let last: ChainTip | undefined;
  try {
    for await (const block of source.blocks({ from: 0, to: tip.number }, signal)) {
      checkNext(last, block);
      compare(block);
      digest.update(`${block.hash} ${block.transactions.map(({ code }) => code).join(' ')}\n`);
      last = block;
      await tell(block.number + 1);
    }
    if (last?.number !== tip.number) throw new ChainFault(last === undefined ? 0 : last.number + 1, 'GAP');
    return { peer: source.name, reachable: true, blocks: last.number + 1, digest: digest.digest('hex') };
  } catch (error) {
    if (!(error instanceof ChainFault)) throw error;
    return { peer: source.name, reachable: true, fault: { blockNumber: error.blockNumber, what: error.what } };
  }
}

function absent(source: BlockSource, error: unknown): PeerFinding {
  if (error instanceof DomainError) return { peer: source.name, reachable: false };
  throw error;
}
