/**
 * What can be wrong with a ledger. `LEDGER_CORRUPT`: stored bytes contradict themselves, with file and byte offset;
 * restore the folder from a copy, or remove it and fetch the blocks from another peer. `LEDGER_LOCKED`: another process
 * has the folder open. `LEDGER_ORDER`: the block does not follow the last one. `LEDGER_FAILED`: an earlier commit failed
 * or the ledger is closed; open it again. `NO_SUCH_BLOCK`: the number is not below the height.
 */
export type LedgerErrorCode = 'LEDGER_CORRUPT' | 'LEDGER_LOCKED' | 'LEDGER_ORDER' | 'LEDGER_FAILED' | 'NO_SUCH_BLOCK';

/** A fault of a ledger's storage or of its use. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, detail: string, options?: ErrorOptions) {
    super(`LEDGER/${code} ${detail}`, options);
    this.code = code;
  }
}
