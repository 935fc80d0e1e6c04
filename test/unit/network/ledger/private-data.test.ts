import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { type CommittedSet } from '../../../../network/embedded/ledger/private-store.js';
import type { Block } from '../../../../network/embedded/wire/block.js';
import type { CollectionRwSet, HashedWrite } from '../../../../network/embedded/wire/rwset.js';
import { encodeKvRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import { collect } from '../commit/memory-state.js';
import { CHAINCODE, COLLECTION, put, rwset, sha256, TestChannel } from '../commit/test-channel.js';
import { type Fault } from './faulty-disk.js';
import { inFolder, judgeFor } from './ledger-folder.js';
import { reopenAfter } from './reopen-after.js';

const NONE = new Uint8Array(0);
const KEY = 'person';
const place = { namespace: CHAINCODE, collection: COLLECTION };

interface Step {
  readonly block: Block;
  readonly verdicts: Verdicts;
  readonly sets: readonly CommittedSet[];
}

/** Private plain text of one key, an empty value deletes; and what the block shows of it. */
function privateWrite(value: string, isPurge = false): { set: CommittedSet; hashed: CollectionRwSet } {
  const isDelete = value === '';
  const bytes = encodeKvRwSet({
    reads: [],
    ranges: [],
    writes: [{ key: KEY, isDelete, value: Buffer.from(value) }],
    metadataWrites: [],
  });
  const write: HashedWrite = { keyHash: sha256(KEY), isDelete, valueHash: isDelete ? NONE : sha256(value), isPurge };
  return {
    set: { ...place, bytes, txIndex: 0, blockToLive: 0n },
    hashed: {
      collection: COLLECTION,
      reads: [],
      writes: [write],
      metadataWrites: [],
      privateHash: sha256OfBytes(bytes),
    },
  };
}

function sha256OfBytes(bytes: Uint8Array): Uint8Array {
  return sha256(bytes as unknown as string);
}

let steps: Step[];

// Blocks 0 and 1 set the channel up; blocks 2 to 4 write a private key, block 5 purges it, block 6 is of other things.
beforeAll(async () => {
  const channel = await TestChannel.create();
  const genesis = await inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    const verdicts = await judgeFor(ledger, channel.genesis, channel.channel);
    await ledger.close();
    return verdicts;
  });
  steps = [{ block: channel.genesis, verdicts: genesis, sets: [] }];
  const definition = await channel.define();
  if (channel.definitionBlock) steps.push({ block: channel.definitionBlock, verdicts: definition, sets: [] });
  for (const value of ['SECRET-ONE', 'SECRET-TWO', 'SECRET-THREE', '']) {
    const { set, hashed } = privateWrite(value, value === '');
    const envelopes = [channel.transaction({ sets: [rwset({ collections: [hashed] })] })];
    const block = channel.nextBlock(envelopes);
    steps.push({ block, verdicts: await channel.commit(envelopes), sets: [set] });
  }
  const envelopes = [channel.transaction({ sets: [rwset({ writes: [put('other', 'x')] })] })];
  steps.push({ block: channel.nextBlock(envelopes), verdicts: await channel.commit(envelopes), sets: [] });
});

async function commitSteps(ledger: PeerLedger, from: number, to: number): Promise<void> {
  for (const { block, verdicts, sets } of steps.slice(from, to)) {
    await ledger.commit(block, verdicts, { sets, missing: [] });
    await ledger.private.forgetPurged();
  }
}

/** What a member reads, and how many earlier values its store still has. */
async function heldBy(ledger: PeerLedger): Promise<{ value: string; sets: number; version: bigint | undefined }> {
  const state = ledger.openState();
  const entry = state.getPrivate(CHAINCODE, COLLECTION, KEY);
  const ranged = await collect(state.privateRange(CHAINCODE, COLLECTION, '', ''));
  expect(ranged.map(({ key }) => key)).toEqual(entry ? [KEY] : []);
  const hashed = state.getHashed(CHAINCODE, COLLECTION, sha256(KEY));
  expect(hashed?.version).toEqual(entry?.version);
  await state.close();
  let sets = 0;
  for (let number = 0n; number < ledger.height; number += 1n) {
    for (const { bytes } of await collect(ledger.private.store.setsOf(number))) if (bytes.length > 0) sets += 1;
  }
  return { value: Buffer.from(entry?.value ?? []).toString(), sets, version: entry?.version.blockNumber };
}

const wanted = [undefined, undefined, 'SECRET-ONE', 'SECRET-TWO', 'SECRET-THREE'];
/** What is held at a height, if nothing was lost. */
const at = (height: number) => {
  const value = wanted[height - 1];
  const purged = height > 5;
  return {
    value: value ?? '',
    sets: purged ? 0 : Math.max(0, height - 2),
    version: value === undefined ? undefined : BigInt(height - 1),
  };
};

function filesSay(folder: string, text: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesSay(path, text);
    return readFileSync(path).includes(text) ? [path] : [];
  });
}

describe('a fault in the commit of a block with private data', () => {
  const faults: Fault[] = (['keep', 'append', 'sync', 'apply'] as const).flatMap((at) =>
    (['nothing', 'all'] as const).map((landed) => ({ at, landed })),
  );
  const rows = faults.flatMap((fault) => [3, 4, 5].map((block) => ({ ...fault, block })));

  test.each(rows)('in $at ($landed landed) of block $block loses nothing and leaves nothing half', (row) =>
    inFolder(async (folder) => {
      const reopened = await reopenAfter(folder, row, commitSteps);
      const height = Number(reopened.height);
      expect([row.block, row.block + 1]).toContain(height);
      expect(await heldBy(reopened)).toEqual(at(height));
      await commitSteps(reopened, height, steps.length);
      expect(await heldBy(reopened)).toEqual(at(steps.length));
      await reopened.close();
      expect(filesSay(folder, 'SECRET')).toEqual([]);
    }),
  );
});

test('a purge takes every earlier value off the disk, and the chain keeps the hashes', () =>
  inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    await commitSteps(ledger, 0, 5);
    expect(filesSay(folder, 'SECRET-ONE').length).toBeGreaterThan(0);
    await commitSteps(ledger, 5, 6);
    expect(filesSay(folder, 'SECRET')).toEqual([]);
    expect(readFileSync(join(folder, 'blocks')).includes(Buffer.from(sha256('SECRET-ONE')))).toBe(true);
    await ledger.close();
  }));

test('a reader of an older state keeps a purge waiting, and the bytes go after it', () =>
  inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    await commitSteps(ledger, 0, 5);
    const reader = ledger.openState();
    await commitSteps(ledger, 5, 6);
    const held = reader.getPrivate(CHAINCODE, COLLECTION, KEY);
    expect(Buffer.from(held?.value ?? []).toString()).toBe('SECRET-THREE');
    expect(ledger.private.store.mustForget).toBe(true);
    await reader.close();
    await commitSteps(ledger, 6, 7);
    expect(ledger.private.store.mustForget).toBe(false);
    expect(filesSay(folder, 'SECRET')).toEqual([]);
    await ledger.close();
  }));

test('an index that was deleted comes back with the private values that its peer holds', () =>
  inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    await commitSteps(ledger, 0, 5);
    await ledger.close();
    rmSync(join(folder, 'index'), { recursive: true });
    const rebuilt = await PeerLedger.open(folder);
    expect(await heldBy(rebuilt)).toEqual(at(5));
    await rebuilt.close();
  }));

test('a set that ends goes with its block, also where the peer was started anew meanwhile', () =>
  inFolder(async (folder) => {
    const heldAt = async (ledger: PeerLedger): Promise<number> =>
      (await collect(ledger.private.store.setsOf(2n))).length;
    const ledger = await PeerLedger.open(folder);
    await commitSteps(ledger, 0, 2);
    const [step] = steps.slice(2, 3);
    if (step === undefined) throw new Error('there is a third step');
    const sets = step.sets.map((set) => ({ ...set, blockToLive: 1n })); // It ends with block 4.
    await ledger.commit(step.block, step.verdicts, { sets, missing: [] });
    await commitSteps(ledger, 3, 4);
    expect(await heldAt(ledger)).toBe(1);
    await ledger.close();
    const again = await PeerLedger.open(folder);
    await commitSteps(again, 4, 5);
    expect(await heldAt(again)).toBe(0);
    await again.close();
  }));

/** Hands a ledger what a block's transaction wrote, as another member would. */
function supply(ledger: PeerLedger, block: number): Promise<void> {
  const bytes = steps[block]?.sets[0]?.bytes ?? NONE;
  return ledger.private.supply({ ...place, blockNumber: BigInt(block), txIndex: 0 }, bytes, 0n);
}

test('a set that was missing is taken later; what was purged since is left out', () =>
  inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    const missing = [{ ...place, txIndex: 0, blockToLive: 0n }];
    for (const { block, verdicts, sets } of steps.slice(0, 4)) {
      await ledger.commit(block, verdicts, sets.length > 0 ? { sets: [], missing } : undefined);
    }
    expect((await collect(ledger.private.store.missing())).map(({ blockNumber }) => blockNumber)).toEqual([2n, 3n]);
    await supply(ledger, 2);
    const state = ledger.openState();
    expect(state.getPrivate(CHAINCODE, COLLECTION, KEY)).toBeUndefined(); // An old value is history, not state.
    await state.close();
    await supply(ledger, 3);
    expect(await heldBy(ledger)).toEqual(at(4));
    expect(await collect(ledger.private.store.missing())).toEqual([]);
    await commitSteps(ledger, 4, 6);
    await supply(ledger, 4);
    expect(await heldBy(ledger)).toEqual(at(6));
    await ledger.close();
    expect(filesSay(folder, 'SECRET')).toEqual([]);
  }));

test('plain text that waits for its transaction outlives the process, and goes when it is decided or too old', () =>
  inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    const { set } = privateWrite('SECRET-ONE');
    const setHash = sha256OfBytes(set.bytes);
    for (const [txId, height] of [
      ['decided', 5n],
      ['old', 2n],
      ['young', 9n],
    ] as const) {
      await ledger.private.transient.keep(txId, [set], height);
    }
    await ledger.close();
    const again = await PeerLedger.open(folder);
    const held = (txId: string): boolean => again.private.transient.set({ ...place, txId, setHash }) !== undefined;
    expect(['decided', 'old', 'young'].map(held)).toEqual([true, true, true]);
    await again.private.transient.drop(['decided', 'unknown'], 3n);
    expect(['decided', 'old', 'young'].map(held)).toEqual([false, false, true]);
    await again.close();
  }));
