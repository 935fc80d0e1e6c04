import { common } from '@hyperledger/fabric-protos';

import { type BatchRules } from '../../../../network/embedded/config/channel-config.js';
import { type BroadcastRefusal } from '../../../../network/embedded/order/broadcast-refusal.js';
import { Orderer } from '../../../../network/embedded/order/orderer.js';
import { type Block, blockHash } from '../../../../network/embedded/wire/block.js';
import { readOrdererMetadata } from '../../../../network/embedded/wire/metadata.js';
import { put, rwset, TestChannel } from '../commit/test-channel.js';

let channel: TestChannel;
beforeAll(async () => {
  channel = await TestChannel.create();
});

const transaction = (key: string) => channel.transaction({ sets: [rwset({ writes: [put(key, 'x')] })] });
const forever = Date.parse('2030-01-01T00:00:00Z');

function start(batch: Partial<BatchRules>, deliver: (block: Block) => Promise<void>, failures: unknown[] = []) {
  const config = { ...channel.channel, batch: { ...channel.channel.batch, ...batch } };
  return new Orderer({
    signer: channel.peers.AMSP,
    channel: () => config,
    tip: { ...channel.genesis, lastConfig: 0n },
    deliver,
    nowMs: () => Date.now(),
    onFailure: (error) => failures.push(error),
  });
}

/** What Fabric's orderer says where nobody signed who may write. */
const noWriter =
  'implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the ' +
  "'Writers' sub-policies to be satisfied: permission denied";

function refusalOf(act: () => void): BroadcastRefusal | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as BroadcastRefusal;
  }
}

test('with no batch timeout, what arrives during a commit makes the next block together', async () => {
  const blocks: Block[] = [];
  const gates: (() => void)[] = [];
  const orderer = start({ timeoutMs: 0 }, async (block) => {
    blocks.push(block);
    await new Promise<void>((resolve) => gates.push(resolve));
  });
  orderer.broadcast(transaction('a'));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(blocks).toHaveLength(1);
  for (const key of ['b', 'c', 'd']) orderer.broadcast(transaction(key));
  gates[0]?.();
  const closed = orderer.close();
  await new Promise(setImmediate);
  gates[1]?.();
  await closed;
  expect(blocks.map(({ envelopes }) => envelopes.length)).toEqual([1, 3]);
});

test('blocks are chained, numbered and signed over value, header and metadata', async () => {
  const blocks: Block[] = [];
  const orderer = start({ maxMessages: 1 }, (block) => {
    blocks.push(block);
    return Promise.resolve();
  });
  orderer.broadcast(transaction('a'));
  orderer.broadcast(transaction('b'));
  await orderer.close();
  const [first, second] = blocks;
  expect(blocks.map(({ number }) => number)).toEqual([1n, 2n]);
  expect(first && Buffer.from(first.previousHash)).toEqual(Buffer.from(blockHash(channel.genesis)));
  expect(second && first && Buffer.from(second.previousHash)).toEqual(first && Buffer.from(blockHash(first)));
  for (const block of blocks) {
    const [signed] = readOrdererMetadata(block).signatures;
    const signer =
      signed && 'creator' in signed.signer ? channel.channel.msps.deserialize(signed.signer.creator) : undefined;
    expect(signed && signer?.verify(signed.signedBytes, signed.signature)).toBe(true);
  }
});

test('a batch timeout gathers what arrives within it', async () => {
  const blocks: Block[] = [];
  const orderer = start({ timeoutMs: 50 }, (block) => {
    blocks.push(block);
    return Promise.resolve();
  });
  orderer.broadcast(transaction('a'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  orderer.broadcast(transaction('b'));
  expect(blocks).toHaveLength(0);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(blocks.map(({ envelopes }) => envelopes.length)).toEqual([2]);
  await orderer.close();
});

test('closing delivers what was accepted and refuses what comes after', async () => {
  const blocks: Block[] = [];
  const orderer = start({ timeoutMs: 60_000 }, (block) => {
    blocks.push(block);
    return Promise.resolve();
  });
  orderer.broadcast(transaction('a'));
  await orderer.close();
  expect(blocks).toHaveLength(1);
  expect(
    refusalOf(() => {
      orderer.broadcast(transaction('b'));
    })?.status,
  ).toBe('SERVICE_UNAVAILABLE');
});

test('after a failed delivery nothing is ordered any more, because the chain would have a hole', async () => {
  const failures: unknown[] = [];
  const orderer = start({}, () => Promise.reject(new Error('disk full')), failures);
  orderer.broadcast(transaction('a'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(failures).toHaveLength(1);
  expect(
    refusalOf(() => {
      orderer.broadcast(transaction('b'));
    })?.status,
  ).toBe('SERVICE_UNAVAILABLE');
});

describe('what may not be ordered', () => {
  const orderer = () => start({ absoluteBytes: 20_000 }, () => Promise.resolve());
  const damaged = (bytes: Uint8Array) => {
    const copy = Buffer.from(bytes);
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1; // The envelope ends with the client's signature.
    return copy;
  };
  test.each([
    [
      'an envelope above the absolute size',
      () => channel.transaction({ sets: [rwset({ writes: [put('a', 'x'.repeat(20_000))] })] }),
      'BAD_REQUEST',
      'and exceeds maximum allowed 20000 bytes',
    ],
    ['bytes that are no envelope', () => Buffer.from('ffff', 'hex'), 'BAD_REQUEST', 'could not determine channel ID'],
    [
      'another channel',
      () => channel.transaction({ sets: [], channelId: 'elsewhere' }),
      'BAD_REQUEST',
      'channel does not exist',
    ],
    [
      'a configuration that somebody made ready',
      () => channel.transaction({ sets: [], type: common.HeaderType.CONFIG }),
      'BAD_REQUEST',
      'message is of type that cannot be processed directly',
    ],
    ['a wrong signature', () => damaged(transaction('a')), 'FORBIDDEN', noWriter],
    ['a peer as writer', () => channel.transaction({ sets: [], creator: channel.peers.BMSP }), 'FORBIDDEN', noWriter],
  ] as const)('%s', (_what, make, status, text) => {
    const refusal = refusalOf(() => {
      orderer().broadcast(make());
    });
    expect(refusal?.status).toBe(status);
    expect(refusal?.message).toContain(text);
  });

  test('an expired client', () => {
    const late = new Orderer({
      signer: channel.peers.AMSP,
      channel: () => channel.channel,
      tip: { ...channel.genesis, lastConfig: 0n },
      deliver: () => Promise.resolve(),
      nowMs: () => forever + 20 * 365 * 86_400_000,
      onFailure: () => undefined,
    });
    const refusal = refusalOf(() => {
      late.broadcast(transaction('a'));
    });
    expect(refusal).toMatchObject({ status: 'BAD_REQUEST', message: 'broadcast client identity expired' });
  });
});
