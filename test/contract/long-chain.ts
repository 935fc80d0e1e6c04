import { type LedgerBlock } from '../../gateway/ledger/block.js';
import { blockAfter, chainOf, transactionOf } from '../unit/gateway/support/blocks.js';

/** The same chain of two-transaction blocks every time, in any process. */
export function* longChain(length: number): Generator<LedgerBlock> {
  let last = chainOf()[0];
  for (let number = 0; number < length && last !== undefined; number += 1) {
    yield last;
    last = blockAfter(last, [transactionOf(`x${number}`, undefined), transactionOf(`y${number}`, undefined)]);
  }
}
