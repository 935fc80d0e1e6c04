import { join } from 'node:path';

import { realDisk } from '../../../../network/embedded/ledger/disk.js';
import { openIndex } from '../../../../network/embedded/ledger/open-index.js';
import { setKey as storedAt } from '../../../../network/embedded/ledger/private-codec.js';
import { type BlockPrivateData, PrivateStore } from '../../../../network/embedded/ledger/private-store.js';
import { encodeKvRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import { sha256 } from '../../../../network/fsck/block.js';
import { checkPrivateData, type PrivateReport } from '../../../../network/fsck/private-data.js';
import { encodeSet, encodeVersion, purgeKey, setKey } from '../../../../network/fsck/records.js';
import { Scratch } from '../../../../network/fsck/scratch.js';
import { inFolder } from '../ledger/ledger-folder.js';

const space = { namespace: 'cc', collection: 'open' };
const hashOf = (text: string): string => sha256(Buffer.from(text)).toString('latin1');
const HEIGHT = 10;

/** Plain text of one transaction that writes one value to each key. */
function plainSet(...keys: readonly string[]): Buffer {
  const writes = keys.map((key) => ({ key, isDelete: false, value: Buffer.from(`value of ${key}`) }));
  return Buffer.from(encodeKvRwSet({ reads: [], ranges: [], writes, metadataWrites: [] }));
}

/** What a block of that number tells of the transaction, as its first one. @param endBlock 0: it does not end */
function tell(scratch: Scratch, block: number, keys: readonly string[], endBlock = 0): void {
  const writes = new Map(keys.map((key) => [hashOf(key), hashOf(`value of ${key}`)]));
  const set = { endBlock: BigInt(endBlock), setHash: sha256(plainSet(...keys)), writes, metadata: new Set<string>() };
  scratch.put(setKey(`${block}:0`, space), encodeSet(set));
}

const held = (bytes: Buffer, blockToLive = 0): BlockPrivateData => ({
  sets: [{ ...space, txIndex: 0, bytes, blockToLive: BigInt(blockToLive) }],
  missing: [],
  purges: [],
});

const purgeOf = (key: string): BlockPrivateData => ({
  sets: [],
  missing: [],
  purges: [{ ...space, txIndex: 0, keyHash: sha256(Buffer.from(key)) }],
});

interface Parts {
  readonly store: PrivateStore;
  readonly database: Awaited<ReturnType<typeof openIndex>>;
  readonly scratch: Scratch;
}

/**
 * A store as the ledger writes it: block 2 is held, 3 is missing, a key of 4 was purged by 5, 6 ended with 8.
 * @param edit what happens to it afterwards
 */
async function report(
  edit: (parts: Parts) => Promise<void> | void = () => undefined,
): Promise<PrivateReport | undefined> {
  return inFolder(async (folder) => {
    const path = join(folder, 'private');
    const [database, scratch] = [await openIndex(path), await Scratch.open()];
    const store = new PrivateStore(database, realDisk, false);
    await store.keep(2n, held(plainSet('a', 'b')));
    await store.keep(3n, { sets: [], missing: [{ ...space, txIndex: 0, blockToLive: 0n }], purges: [] });
    await store.keep(4n, held(plainSet('secret', 'other')));
    await store.keep(5n, purgeOf('secret'));
    await store.keep(6n, held(plainSet('brief'), 1));
    await store.settle(BigInt(HEIGHT - 1));
    tell(scratch, 2, ['a', 'b']);
    tell(scratch, 3, ['c']);
    tell(scratch, 4, ['secret', 'other']);
    scratch.put(purgeKey(space, hashOf('secret')), encodeVersion('5:0'));
    tell(scratch, 6, ['brief'], 8);
    await edit({ store, database, scratch });
    await store.close();
    const found = await checkPrivateData(path, scratch, HEIGHT);
    await scratch.close();
    return found;
  });
}

const at = (blockNumber: number) => storedAt({ ...space, blockNumber: BigInt(blockNumber), txIndex: 0 });

test('what a ledger keeps, purges and ends is what the blocks say; what it lacks is told', async () => {
  expect(await report()).toEqual({ faults: [], missing: 1 });
});

test.each<[string, string, RegExp, (parts: Parts) => Promise<void> | void]>([
  [
    'a value with a flipped bit',
    'PRIVATE_SET',
    /block 2 in cc\/open: what it writes to [0-9a-f]{64} is not/,
    ({ database }) => {
      const bytes = plainSet('a', 'b');
      const last = bytes.length - 1;
      bytes[last] = (bytes[last] ?? 0) ^ 1;
      return database.put(at(2), bytes);
    },
  ],
  [
    'a set without one of its keys, which nobody purged',
    'PRIVATE_SET',
    /block 2 .* it lacks/,
    ({ database }) => database.put(at(2), plainSet('a')),
  ],
  [
    'a set with bytes beside it that mean nothing',
    'PRIVATE_SET',
    /block 2 .* its bytes/,
    ({ database }) => database.put(at(2), Buffer.concat([plainSet('a', 'b'), Buffer.from([0x7a, 0])])),
  ],
  ['bytes that are no set', 'PRIVATE_SET', /block 2/, ({ database }) => database.put(at(2), Buffer.from([0x1a, 9]))],
  [
    'a set of no transaction',
    'PRIVATE_SET',
    /block 7 .* no block/,
    ({ database }) => database.put(at(7), plainSet('x')),
  ],
  ['a set that is gone', 'PRIVATE_LOST', /block 2 .* not known to be missing/, ({ database }) => database.del(at(2))],
  [
    'a purged value that came back',
    'PRIVATE_PURGED',
    /block 4 .* still holds/,
    ({ database }) => database.put(at(4), plainSet('secret', 'other')),
  ],
  [
    'the name of a purged key that came back',
    'PRIVATE_PURGED',
    /block 4 .* still holds/,
    ({ store }) => store.keep(4n, held(plainSet('secret', 'other'))),
  ],
  [
    'a value whose time is over',
    'PRIVATE_EXPIRED',
    /block 6 .* block 8/,
    ({ database }) => database.put(at(6), plainSet('brief')),
  ],
])('%s is %s', async (_, code, detail, edit) => {
  const faults = (await report(edit))?.faults ?? [];
  expect(faults.map((fault) => fault.code)).toContain(code);
  expect(faults.map((fault) => fault.detail)).toContainEqual(expect.stringMatching(detail));
});

test('what a crash left to be carried out by the next start is no fault', async () => {
  const edit = async ({ store, scratch }: Parts): Promise<void> => {
    await store.keep(BigInt(HEIGHT - 1), purgeOf('a')); // Its block is the last one.
    scratch.put(purgeKey(space, hashOf('a')), encodeVersion(`${HEIGHT - 1}:0`));
    await store.keep(BigInt(HEIGHT), held(plainSet('early'))); // Kept before its block, which never came.
  };
  expect(await report(edit)).toEqual({ faults: [], missing: 1 });
});

test('a store that is open elsewhere is left alone', async () => {
  await inFolder(async (folder) => {
    const [database, scratch] = [await openIndex(folder), await Scratch.open()];
    expect(await checkPrivateData(folder, scratch, HEIGHT)).toBeUndefined();
    await Promise.all([database.close(), scratch.close()]);
  });
});
