import fc from 'fast-check';

import { encodeEnvelope, readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { codeNames, put, rwset, TestChannel } from './test-channel.js';
import { chainUpTo, judge, type ChainPosition } from './vector-chain.js';

const flip = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  mask: fc.integer({ min: 1, max: 255 }),
});
const flipped = (bytes: Uint8Array, { at, mask }: { at: number; mask: number }): Uint8Array => {
  const index = Math.floor(at * bytes.length);
  return Uint8Array.from(bytes).with(index, (bytes[index] ?? 0) ^ mask);
};

let real: ChainPosition;
let channel: TestChannel;
let envelope: Uint8Array;

beforeAll(async () => {
  real = await chainUpTo(3);
  channel = await TestChannel.create();
  await channel.define();
  envelope = channel.transaction({ sets: [rwset({ writes: [put('k', 'v')] })] });
});

test('a real transaction with any byte changed is not valid, and nothing crashes', async () => {
  const [bytes] = real.block.envelopes;
  await fc.assert(
    fc.asyncProperty(flip, async (change) => {
      const { codes } = await judge({
        ...real,
        block: { ...real.block, envelopes: [flipped(bytes ?? envelope, change)] },
      });
      expect(codes).not.toEqual([0]);
    }),
    { numRuns: 500 },
  );
});

test('nor is one whose creator changed a byte of what was endorsed and signed it again', async () => {
  const { payload } = readEnvelope(envelope);
  const signed = (bytes: Uint8Array): Uint8Array => encodeEnvelope(bytes, channel.client.sign(bytes));
  expect(codeNames(await channel.judge([signed(payload)]))).toEqual(['VALID']);
  await fc.assert(
    fc.asyncProperty(flip, async (change) => {
      expect(codeNames(await channel.judge([signed(flipped(payload, change))]))).not.toEqual(['VALID']);
    }),
    { numRuns: 500 },
  );
});
