import { commitHash, encodeUpdates } from '../../../../network/embedded/commit/commit-hash.js';
import type { StateChange } from '../../../../network/embedded/commit/block-updates.js';

const version = { blockNumber: 258n, txIndex: 0 };
const change = (namespace: string, collection: string, key: string, value?: string): StateChange => ({
  namespace,
  collection,
  key,
  version,
  entry: value === undefined ? undefined : { value: Buffer.from(value), version, metadata: new Map() },
});
const hex = (...changes: StateChange[]): string => Buffer.from(encodeUpdates(changes)).toString('hex');

// Version 258:0 is 02 0102 00: a length byte and the digits, of each number.
test('names stand on the first entry of their group only', () => {
  expect(
    hex(change('n', '', 'a', 'v'), change('n', '', 'b'), change('n', 'c', '0f', 'h'), change('n', 'c', 'f0')),
  ).toBe(
    [
      '0a0f0a016e' + '1a0161' + '2a0176' + '320402010200',
      '0a0b' + '1a0162' + '2001' + '320402010200',
      '0a0f' + '120163' + '1a010f' + '2a0168' + '320402010200',
      '0a0b' + '1a01f0' + '2001' + '320402010200',
    ].join(''),
  );
});

test("the channel's configuration is left out", () => {
  expect(hex(change('', '', 'CHANNEL_CONFIG_ENV_BYTES', 'config'))).toBe('');
});

test('the codes count, not only the changes', () => {
  const none = new Uint8Array(0);
  expect(commitHash([0], [], none)).not.toEqual(commitHash([11], [], none));
  expect(commitHash([0], [], none)).not.toEqual(commitHash([0], [], Buffer.alloc(32)));
});
