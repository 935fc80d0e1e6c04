import { type LedgerBlock } from './block.js';

/** One call of a contract, signed by a user of this organisation. */
export interface Call {
  /** Whose certificate and key sign it, such as `clerk@chongqing.example`. */
  readonly user: string;
  /** `contract:transaction`, such as `evidence:register`. */
  readonly transaction: string;
  readonly args: readonly string[];
  /** Data by name that the peers who execute the call see, and no block holds. */
  readonly transient?: Readonly<Record<string, string>>;
  /** MSP ids: whose peers execute it, instead of those that policies suggest. */
  readonly organisations?: readonly string[];
}

/** A call that writes. Contracts are idempotent: a repeated request gives back what the first one wrote. */
export interface WriteCall extends Call {
  /** Which transaction wrote what the contract returned; `undefined` where the result does not say. */
  readonly writtenBy: (result: string) => string | undefined;
}

/** What became of a write: it is on the chain and valid. */
export interface Written {
  readonly result: string;
  readonly txId: string;
  readonly blockNumber: number;
  /** False where an earlier transaction of the same request had written it, so that nothing new was submitted. */
  readonly fresh: boolean;
}

/** The ledger as routes use it; `fabric-ledger.ts` is the real one. */
export interface Ledger {
  /** Asks this organisation's own peer, or one of the named organisations. @throws the contract's own refusal, UNVERIFIABLE_NOW, LEDGER_REFUSED */
  evaluate(call: Call): Promise<string>;
  /**
   * Endorse, order and wait until it is committed as valid.
   * @throws the contract's own refusal; LEDGER_BUSY, LEDGER_CONFLICT, LEDGER_REFUSED; UNVERIFIABLE_NOW where nothing
   * was submitted; OUTCOME_UNKNOWN with `txId` where the network did not say what became of it,
   * ORDERERS_UNAVAILABLE where that is because orderers have no quorum.
   */
  submit(call: WriteCall): Promise<Written>;
}

/** The blocks of one peer; `deliver.ts` is the real one. */
export interface BlockSource {
  /** The peer's name in the connection profile. */
  readonly name: string;
  /** Its organisation, where the profile says. */
  readonly mspId?: string;
  /** How many blocks the peer has. @throws UNVERIFIABLE_NOW */
  height(): Promise<number>;
  /** The peer's last block. @throws UNVERIFIABLE_NOW */
  newest(): Promise<{ readonly number: number; readonly hash: string }>;
  /**
   * Blocks from number `from` on, in order; ends after block `to`, or runs on where it is left out.
   * @throws UNVERIFIABLE_NOW where the peer cannot be reached or ends the stream.
   */
  blocks(range: { readonly from: number; readonly to?: number }, signal: AbortSignal): AsyncIterable<LedgerBlock>;
}
