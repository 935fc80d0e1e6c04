import { type LedgerBlock } from '../ledger/block.js';

/** Where a chain of blocks does not hold, as a peer delivered it or as the index remembers it. */
export class ChainFault extends Error {
  override readonly name = 'ChainFault';
  readonly blockNumber: number;
  readonly what: ChainFaultKind;

  constructor(blockNumber: number, what: ChainFaultKind) {
    super(`block ${blockNumber}: ${what}`);
    this.blockNumber = blockNumber;
    this.what = what;
  }
}

/**
 * `GAP` another number than the next; `LINK` previous hash and `CONTENT` data hash do not fit; `FORK` another block than
 * was seen before; `SHORT` the peer has fewer blocks than were seen; `INDEX` the index tells something else.
 */
export type ChainFaultKind = 'GAP' | 'LINK' | 'CONTENT' | 'FORK' | 'SHORT' | 'INDEX';

/** The end of a chain so far; `undefined` before block 0. */
export interface ChainTip {
  readonly number: number;
  readonly hash: string;
}

/** Whether a block is the one that was seen before. @throws {ChainFault} FORK */
export function checkSame(known: ChainTip, block: LedgerBlock): void {
  if (block.hash !== known.hash) throw new ChainFault(block.number, 'FORK');
}

/** Whether a block continues a chain, and holds what its header says. @throws {ChainFault} GAP, LINK, CONTENT */
export function checkNext(tip: ChainTip | undefined, block: LedgerBlock): void {
  if (block.number !== (tip === undefined ? 0 : tip.number + 1)) throw new ChainFault(block.number, 'GAP');
  if (tip !== undefined && block.previousHash !== tip.hash) throw new ChainFault(block.number, 'LINK');
  if (block.contentHash !== block.dataHash) throw new ChainFault(block.number, 'CONTENT');
}
