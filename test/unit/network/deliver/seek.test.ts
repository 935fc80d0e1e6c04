import { common } from '@hyperledger/fabric-protos';
import { readSeek } from '../../../../network/embedded/deliver/seek.js';
import { rejectAll } from '../../../../network/embedded/msp/policy.js';
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
  readonly contentType?: number;
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
    .field(5, wishes.contentType ?? 0)
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

test.each([
  ['newest at newest', newest, newest, 9n],
  ['newest at oldest', newest, oldest, 9n],
  ['oldest at newest', oldest, newest, 9n],
  ['a number at oldest', specified(3n), oldest, 3n],
  ['a number at newest', specified(3n), newest, 9n],
  ['oldest at the next commit', oldest, nextCommit, 0n],
  ['a number at the next commit', specified(3n), nextCommit, 2n ** 64n - 1n],
  ['the next commit at newest', nextCommit, newest, 2n ** 64n - 1n],
] as const)('a seek from %s stops where Fabric’s does', (_form, start, stop, expected) => {
  expect(seek({ start, stop })).toMatchObject({ stop: expected });
});

test('a seek may ask for headers only', () => {
  expect(seek({})).toMatchObject({ headersOnly: false });
  expect(seek({ contentType: 1 })).toMatchObject({ headersOnly: true });
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
  ['a start after the next block', { start: specified(11n) }, 404],
  ['a start without a form', { start: empty }, 404],
  ['a signature over something else', { tamper: true }, 403],
] as const)('%s is answered with a status', (_what, wishes, status) => {
  expect(seek(wishes)).toBe(status);
});

test('an expired certificate is refused, also while its stream lives', () => {
  const lateMs = nowMs + 30 * 365 * 86_400_000;
  const late = { channel: channel.channel, height, nowMs: lateMs };
  expect(readSeek(request({ timestampMs: lateMs }), late)).toBe(403);
  const open = seek({});
  expect(typeof open === 'object' && open.access.isAllowed(channel.channel, nowMs)).toBe(true);
  expect(typeof open === 'object' && open.access.isAllowed(channel.channel, lateMs)).toBe(false);
});

test('a right that a new configuration takes away ends a stream that it had allowed', () => {
  const open = seek({});
  const nobody = { ...channel.channel, sequence: 1n, policy: () => rejectAll };
  expect(typeof open === 'object' && open.access.isAllowed(nobody, nowMs)).toBe(false);
});

test('bytes that are no envelope are a bad request', () => {
  expect(readSeek(Buffer.from('ffffff', 'hex'), { channel: channel.channel, height, nowMs })).toBe(400);
});
