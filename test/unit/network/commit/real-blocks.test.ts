import { commitHash } from '../../../../network/embedded/commit/commit-hash.js';
import { replayBlock } from '../../../../network/embedded/commit/judge-block.js';
import { readBlock } from '../../../../network/embedded/wire/block.js';
import { readCommitHash, readTransactionsFilter } from '../../../../network/embedded/wire/metadata.js';
import { BLOCK_NUMBERS, peerBlockBytes } from '../../../vectors/vectors.js';
import { chainUpTo, judge } from './vector-chain.js';

test.each(BLOCK_NUMBERS)('block %i gets the codes that a real peer gave it', async (number) => {
  const position = await chainUpTo(number);
  const { codes } = await judge(position);
  expect(codes).toEqual(readTransactionsFilter(position.block));
});

// Block 0 has no commit hash; where the block before is not kept, its hash is unknown.
test.each([1, 2, 3, 4, 10, 13, 18, 19])('block %i gets the commit hash that a real peer computed', async (number) => {
  const position = await chainUpTo(number);
  const { codes, updates } = await judge(position);
  const previous = readCommitHash(readBlock(peerBlockBytes(number - 1)));
  const computed = commitHash(codes, updates.changes(), previous);
  expect(Buffer.from(computed)).toEqual(Buffer.from(readCommitHash(position.block)));
});

test.each(BLOCK_NUMBERS)('block %i replayed from its stored codes changes the same keys', async (number) => {
  const position = await chainUpTo(number);
  const { updates } = await judge(position);
  const replayed = await replayBlock(position.block, position.state);
  expect([...replayed.updates.changes()]).toEqual([...updates.changes()]);
});
