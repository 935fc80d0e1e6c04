import { common } from '@hyperledger/fabric-protos';
import { readSeek } from '../../../../network/embedded/deliver/seek.js';
import { type Signer } from '../../../../network/embedded/msp/signer.js';
import {
  encodeChannelHeader,
  encodeEnvelope,
  encodePayload,
  encodeSignatureHeader,
} from '../../../../network/embedded/wire/envelope.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import { TestChannel } from '../commit/test-channel.js';

const nowMs = Date.parse('2026-06-01T12:00:00Z');
const height = 10n;
const empty = new Uint8Array();

/** `SeekPosition`s: newest 1, oldest 2, specified 3, next commit 4. */
const newest = new Writer().message(1, empty).bytes();
const oldest = new Writer().message(2, empty).bytes();
const nextCommit = new Writer().message(4, empty).bytes();
const specified = (number: bigint) => new Writer().message(3, new Writer().field(1, number).bytes()).bytes();
const endless = specified(2n ** 64n - 1n);

let channel: TestChannel;
beforeAll(async () => {
  channel = await TestChannel.create();
});

interface Wishes {
  readonly start?: Uint8Array | undefined;
  readonly stop?: Uint8Array;
  readonly behavior?: number;
  readonly channelId?: string;
  readonly type?: number;
  readonly timestampMs?: number;
  readonly signer?: Signer;
  readonly tamper?: boolean;
}

function request(wishes: Wishes): Uint8Array {
  const { signer = channel.client, timestampMs = nowMs } = wishes;
  const channelHeaderBytes = encodeChannelHeader({
    type: wishes.type ?? common.HeaderType.DELIVER_SEEK_INFO,
    timestamp: { seconds: BigInt(Math.floor(timestampMs / 1_000)), nanos: 0 },
    channelId: wishes.channelId ?? channel.channel.channelId,
    txId: '',
    epoch: 0n,
    extension: empty,
  });
  const signatureHeaderBytes = encodeSignatureHeader({ creator: signer.identityBytes, nonce: Buffer.from('n') });
  const info = new Writer()
    .message(1, 'start' in wishes ? wishes.start : oldest)
    .message(2, wishes.stop ?? endless)
    .field(3, wishes.behavior ?? 0)
    .bytes();
  const payload = encodePayload({ channelHeaderBytes, signatureHeaderBytes }, info);
  return encodeEnvelope(payload, signer.sign(wishes.tamper === true ? Buffer.from('something else') : payload));
}

const seek = (wishes: Wishes) => readSeek(request(wishes), { channel: channel.channel, height, nowMs });

test.each([
  ['oldest', oldest, 0n],
  ['newest', newest, 9n],
  ['next commit', nextCommit, 10n],
  ['specified', specified(4n), 4n],
] as const)('a seek may start at %s', (_form, start, expected) => {
  expect(seek({ start })).toMatchObject({ start: expected, stop: 2n ** 64n - 1n, failIfNotReady: false });
});

test('a stop of Go’s largest number is kept exactly', () => {
  expect(seek({ stop: endless })).toMatchObject({ stop: 18446744073709551615n });
});

test('a seek may refuse to wait', () => {
  expect(seek({ behavior: 1 })).toMatchObject({ failIfNotReady: true });
});

test.each([
  ['no start', { start: undefined }, 400],
  ['a stop before the start', { start: specified(5n), stop: specified(4n) }, 400],
  ['a request 16 minutes old', { timestampMs: nowMs - 16 * 60_000 }, 400],
  ['another kind of message', { type: common.HeaderType.MESSAGE }, 400],
  ['another channel', { channelId: 'elsewhere' }, 404],
  ['a signature over something else', { tamper: true }, 403],
] as const)('%s is answered with a status', (_what, wishes, status) => {
  expect(seek(wishes)).toBe(status);
});

test('bytes that are no envelope are a bad request', () => {
  expect(readSeek(Buffer.from('ffffff', 'hex'), { channel: channel.channel, height, nowMs })).toBe(400);
});
