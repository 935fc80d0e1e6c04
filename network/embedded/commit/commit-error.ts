/**
 * Why a block cannot be judged at all, as opposed to a transaction that is judged invalid. `DEFINITION_CORRUPT`: the
 * state holds a chaincode definition that does not parse, where Fabric stops the channel too. `BLOCK_MISMATCH`: a
 * block's own parts contradict each other, or it belongs to another channel.
 */
export type CommitErrorCode = 'DEFINITION_CORRUPT' | 'BLOCK_MISMATCH';

/** A fault that stops the commit of a block; nothing of the block takes effect. */
export class CommitError extends Error {
  override readonly name = 'CommitError';
  readonly code: CommitErrorCode;

  constructor(code: CommitErrorCode, detail: string, options?: ErrorOptions) {
    super(`COMMIT/${code} ${detail}`, options);
    this.code = code;
  }
}
