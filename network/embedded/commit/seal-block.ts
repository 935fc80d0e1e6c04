import type { Block } from '../wire/block.js';
import { withVerdicts } from '../wire/metadata.js';
import { commitHash } from './commit-hash.js';
import type { Verdicts } from './judge-block.js';

/** A judged block as a peer stores it. */
export interface SealedBlock {
  readonly block: Block;
  readonly verdicts: Verdicts;
  /** Empty for block 0. */
  readonly commitHash: Uint8Array;
}

/**
 * Adds a peer's two metadata entries to a block: the codes and the commit hash.
 * @param previous commit hash of the block before; empty for block 1.
 */
export function sealBlock(block: Block, verdicts: Verdicts, previous: Uint8Array): SealedBlock {
  const { codes, updates } = verdicts;
  const hash = block.number === 0n ? new Uint8Array(0) : commitHash(codes, updates.changes(), previous);
  return { block: withVerdicts(block, codes, hash), verdicts, commitHash: hash };
}
