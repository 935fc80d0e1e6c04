import { type EvidenceEvent } from '../../../../domain/evidence-event.js';
import { type LicenseEvent } from '../../../../domain/license-event.js';
import { type LedgerBlock } from '../../../../gateway/ledger/block.js';
import { type BlockSource } from '../../../../gateway/ledger/port.js';
import { type LedgerTransaction } from '../../../../gateway/ledger/transaction.js';
import { hash, outage } from './fake-ledger.js';

/** Chaincode of the blocks made here. */
export const CHAINCODE = 'yinzheng';

/** A transaction of `clerk-07`, registered valid, with what differs. */
export function transactionOf(
  txId: string,
  event: EvidenceEvent | LicenseEvent | undefined,
  more: Partial<LedgerTransaction> = {},
) {
  return {
    index: 0,
    txId: hash(txId),
    type: 'endorser',
    code: 'VALID',
    time: '2026-03-01T08:30:00.000Z',
    creator: {
      mspId: 'ChongqingMSP',
      commonName: 'clerk-07',
      role: 'clerk',
      unit: '11500000000000000A',
      region: '500000',
    },
    endorsers: ['ChongqingMSP', 'ZhejiangMSP'],
    chaincode: CHAINCODE,
    ...(event === undefined ? {} : { event: { name: event.kind, payload: JSON.stringify(event) } }),
    ...more,
  } satisfies LedgerTransaction;
}

/** The next block of a chain of test blocks; its hashes only have to fit each other. */
export function blockAfter(before: LedgerBlock | undefined, transactions: readonly LedgerTransaction[]): LedgerBlock {
  const number = before === undefined ? 0 : before.number + 1;
  const content = hash(JSON.stringify(transactions));
  return {
    number,
    hash: hash(`${number}${before?.hash ?? ''}${content}`),
    previousHash: before?.hash ?? '',
    dataHash: content,
    contentHash: content,
    transactions: transactions.map((transaction, index) => ({ ...transaction, index })),
    ...(number === 0 ? { configuration: { consensus: 'BFT', organisations: ['ChongqingMSP', 'ZhejiangMSP'] } } : {}),
  };
}

/** A chain with one transaction in each block but the first, which configures the channel. */
export function chainOf(...transactions: readonly LedgerTransaction[]): LedgerBlock[] {
  const chain = [blockAfter(undefined, [transactionOf('genesis', undefined, { type: 'config' })])];
  for (const transaction of transactions) chain.push(blockAfter(chain.at(-1), [transaction]));
  return chain;
}

/** A peer whose blocks are a list in memory: they may grow, change or go away while it is read. */
export class FakePeer implements BlockSource {
  readonly name: string;
  readonly mspId = 'ChongqingMSP';
  blocksNow: LedgerBlock[];
  down = false;
  #wake: (() => void)[] = [];

  constructor(name: string, blocks: readonly LedgerBlock[]) {
    this.name = name;
    this.blocksNow = [...blocks];
  }

  height(): Promise<number> {
    return this.down ? Promise.reject(outage()) : Promise.resolve(this.blocksNow.length);
  }

  async newest(): Promise<LedgerBlock> {
    await this.height();
    const block = this.blocksNow.at(-1);
    if (block === undefined) throw outage();
    return block;
  }

  add(block: LedgerBlock): void {
    this.blocksNow.push(block);
    this.wake();
  }

  /** Ends every stream, as a peer that stops does. */
  stop(): void {
    this.down = true;
    this.wake();
  }

  wake(): void {
    for (const resolve of this.#wake.splice(0)) resolve();
  }

  async *blocks({ from, to }: { from: number; to?: number }, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    signal.addEventListener('abort', () => {
      this.wake();
    });
    for (let number = from; to === undefined || number <= to;) {
      if (this.down || signal.aborted) throw outage();
      const block = this.blocksNow[number];
      if (block === undefined) {
        await new Promise<void>((resolve) => this.#wake.push(resolve));
        continue;
      }
      yield block;
      number += 1;
    }
  }
}
