import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { readDefinition } from '../../../../network/embedded/commit/definitions.js';
import type { Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { type Block, encodeBlock, readBlock } from '../../../../network/embedded/wire/block.js';
import { readCommitHash, withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { collect } from '../commit/memory-state.js';
import { CHAINCODE, put, rwset, TestChannel } from '../commit/test-channel.js';
import { checkBlockFile } from './check-ledger.js';
import { DiskFault, type Fault, FaultyDisk } from './faulty-disk.js';
import { inFolder, judgeFor } from './ledger-folder.js';
import { reopenAfter } from './reopen-after.js';

/** A record with whole framing around other bytes. */
function recordOf(bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(bytes.length, 0);
  header.writeUInt32BE(crc32(bytes), 4);
  return Buffer.concat([header, bytes]);
}

interface Step {
  readonly block: Block;
  readonly verdicts: Verdicts;
}

let steps: Step[];

// Blocks 0 and 1 set the channel up; every later block writes its own number to `k` and to a key of its own.
beforeAll(async () => {
  const channel = await TestChannel.create();
  steps = await inFolder(async (folder) => {
    const ledger = await PeerLedger.open(folder);
    const verdicts = await judgeFor(ledger, channel.genesis, channel.channel);
    await ledger.close();
    return [{ block: channel.genesis, verdicts }];
  });
  const definition = await channel.define();
  if (channel.definitionBlock) steps.push({ block: channel.definitionBlock, verdicts: definition });
  for (let number = 2; number < 7; number += 1) {
    const writes = [put('k', String(number)), put(`k${number}`, 'own')];
    const envelopes = [channel.transaction({ sets: [rwset({ writes })] })];
    const block = channel.nextBlock(envelopes);
    steps.push({ block, verdicts: await channel.commit(envelopes) });
  }
});

async function commitSteps(ledger: PeerLedger, from: number, to: number): Promise<void> {
  for (const { block, verdicts } of steps.slice(from, to)) await ledger.commit(block, verdicts);
}

/** Checks a reopened ledger against its raw file and against what `height` blocks must have left. */
async function expectHeight(folder: string, ledger: PeerLedger, height: number): Promise<void> {
  expect(ledger.height).toBe(BigInt(height));
  expect(checkBlockFile(folder)).toBe(height);
  await ledger.verify();
  const state = ledger.openState();
  const value = state.get(CHAINCODE, 'k');
  expect(Buffer.from(value?.value ?? []).toString()).toBe(height > 2 ? String(height - 1) : '');
  const own = Array.from({ length: height - 2 }, (_, i) => `k${i + 2}`);
  expect((await collect(state.range(CHAINCODE, 'k1', 'l'))).map(({ key }) => key)).toEqual(own);
  expect(await collect(state.history(CHAINCODE, 'k'))).toHaveLength(height - 2);
  for (const { verdicts } of steps.slice(0, height)) {
    for (const { txId } of verdicts.transactions) expect(ledger.transaction(txId)).toBeDefined();
  }
  await state.close();
}

describe('a fault in a commit', () => {
  // Each row breaks one step of the commit of block 3, or of blocks 3 and 4 together.
  const rows: (Fault & { together: number; height: number })[] = [
    { at: 'append', landed: 'nothing', together: 1, height: 3 },
    { at: 'append', landed: 'part', together: 1, height: 3 },
    { at: 'append', landed: 'all', together: 1, height: 4 }, // The block is whole, so replay must finish it.
    { at: 'append', landed: 'part', together: 2, height: 4 }, // The cut falls into the second of two records.
    { at: 'append', landed: 'all', together: 2, height: 5 },
    { at: 'sync', landed: 'nothing', together: 2, height: 3 },
    { at: 'sync', landed: 'all', together: 2, height: 5 },
    { at: 'apply', landed: 'nothing', together: 1, height: 4 },
    { at: 'apply', landed: 'nothing', together: 2, height: 5 },
    { at: 'apply', landed: 'all', together: 2, height: 5 },
  ];

  test.each(rows)('in $at ($landed landed) of $together blocks reopens at height $height', (row) =>
    inFolder(async (folder) => {
      const disk = new FaultyDisk();
      const ledger = await PeerLedger.open(folder, { disk });
      await commitSteps(ledger, 0, 3);
      disk.arm(row);
      await expect(ledger.commitAll(steps.slice(3, 3 + row.together))).rejects.toThrow(DiskFault);
      disk.heal();
      await expect(commitSteps(ledger, 3, 4)).rejects.toMatchObject({ code: 'LEDGER_FAILED' });
      await ledger.close();
      const reopened = await PeerLedger.open(folder, { disk });
      await expectHeight(folder, reopened, row.height);
      await commitSteps(reopened, row.height, steps.length);
      await expectHeight(folder, reopened, steps.length);
      await reopened.close();
    }),
  );

  // Block 0 is the configuration, block 1 the definition: until they are there, nothing follows from them.
  const founding = ([0, 1] as const).flatMap((block) =>
    (['append', 'sync', 'apply'] as const).flatMap((at) =>
      (['nothing', 'all'] as const).map((landed) => ({ block, at, landed })),
    ),
  );
  test.each(founding)('in $at ($landed landed) of founding block $block leaves all of it or none', (row) =>
    inFolder(async (folder) => {
      const reopened = await reopenAfter(folder, row, commitSteps);
      const height = Number(reopened.height);
      expect(height).toBe(row.landed === 'nothing' && row.at !== 'apply' ? row.block : row.block + 1);
      const state = reopened.openState();
      expect(readDefinition(state, CHAINCODE)?.name).toBe(height > 1 ? CHAINCODE : undefined);
      await state.close();
      await commitSteps(reopened, height, steps.length);
      expect(
        readChannelConfig(await reopened.blockBytes(reopened.lastConfig)).applicationMspIds.length,
      ).toBeGreaterThan(0);
      await expectHeight(folder, reopened, steps.length);
      await reopened.close();
    }),
  );

  test.each(['nothing', 'all'] as const)('while the torn tail is cut (%s landed) only delays the next open', (landed) =>
    inFolder(async (folder) => {
      const disk = new FaultyDisk();
      const ledger = await PeerLedger.open(folder, { disk });
      await commitSteps(ledger, 0, 3);
      await ledger.close();
      appendFileSync(join(folder, 'blocks'), Buffer.from('000003e8aabbccdd0102', 'hex'));
      disk.arm({ at: 'truncate', landed });
      await expect(PeerLedger.open(folder, { disk })).rejects.toThrow(DiskFault);
      disk.heal();
      const reopened = await PeerLedger.open(folder, { disk });
      await expectHeight(folder, reopened, 3);
      await reopened.close();
    }),
  );
});

describe('a file that was tampered with', () => {
  /** A closed ledger of all steps, whose block file `change` may spoil before it is opened again. */
  async function reopenAfter(
    change: (file: string, bytes: Buffer, offsets: readonly number[]) => void,
  ): Promise<PeerLedger[]> {
    const opened: PeerLedger[] = [];
    await inFolder(async (folder) => {
      const ledger = await PeerLedger.open(folder);
      await commitSteps(ledger, 0, 3);
      await ledger.close();
      const file = join(folder, 'blocks');
      const bytes = readFileSync(file);
      const offsets = [0];
      while ((offsets.at(-1) ?? 0) < bytes.length)
        offsets.push((offsets.at(-1) ?? 0) + 8 + bytes.readUInt32BE(offsets.at(-1)));
      change(file, bytes, offsets);
      const again = await PeerLedger.open(folder);
      opened.push(again);
      try {
        await again.verify();
      } finally {
        await again.close();
      }
    });
    return opened;
  }

  const flipAt = (bytes: Buffer, index: number): Buffer => Buffer.from(bytes.with(index, (bytes[index] ?? 0) ^ 1));

  test('in the middle is found by verification, with file and offset', async () => {
    await expect(
      reopenAfter((file, bytes, offsets) => {
        writeFileSync(file, flipAt(bytes, (offsets[1] ?? 0) + 100));
      }),
    ).rejects.toThrow(/LEDGER_CORRUPT .*blocks at byte \d+: the record is broken/);
  });

  test('at the last block is found when the ledger is opened', async () => {
    const spoiled = reopenAfter((file, bytes) => {
      writeFileSync(file, flipAt(bytes, bytes.length - 1));
    });
    await expect(spoiled).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
  });

  // The forged records have a right CRC, so only the hashes can tell.
  const forged = (bytes: Buffer, start: number, end: number, forge: (block: Block) => Block): Buffer => {
    const record = recordOf(encodeBlock(forge(readBlock(bytes.subarray(start + 8, end)))));
    return Buffer.concat([bytes.subarray(0, start), record, bytes.subarray(end)]);
  };

  test('by a last block of another past is found when the ledger is opened', async () => {
    const spoiled = reopenAfter((file, bytes, offsets) => {
      const [start = 0, end = 0] = offsets.slice(-2);
      const forge = (block: Block): Block => ({ ...block, previousHash: Buffer.alloc(32) });
      writeFileSync(file, forged(bytes, start, end, forge));
    });
    await expect(spoiled).rejects.toThrow(/LEDGER_CORRUPT .* this is not block 2 of the index/);
  });

  test('by a forged block in the middle is found by verification', async () => {
    const spoiled = reopenAfter((file, bytes, offsets) => {
      const forge = (block: Block): Block => ({ ...block, envelopes: block.envelopes.map((each) => each.with(20, 0)) });
      writeFileSync(file, forged(bytes, offsets[1] ?? 0, offsets[2] ?? 0, forge));
    });
    await expect(spoiled).rejects.toThrow(/LEDGER_CORRUPT block 1: its data hash is of other transactions/);
  });

  test('that lost its end is not taken for a torn tail', async () => {
    const spoiled = reopenAfter((file, _bytes, offsets) => {
      truncateSync(file, offsets[2]);
    });
    await expect(spoiled).rejects.toThrow(/LEDGER_CORRUPT .* the file ends before byte/);
  });
});

describe('blocks that are not in the index yet', () => {
  /** Opens a folder whose index is empty and whose block file holds what `change` leaves of all steps. */
  async function rebuildFrom(change: (records: Buffer[]) => Buffer[]): Promise<bigint> {
    return inFolder(async (folder) => {
      const ledger = await PeerLedger.open(join(folder, 'whole'));
      await commitSteps(ledger, 0, steps.length);
      await ledger.close();
      const bytes = readFileSync(join(folder, 'whole', 'blocks'));
      const records: Buffer[] = [];
      for (let offset = 0; offset < bytes.length;) {
        const end = offset + 8 + bytes.readUInt32BE(offset);
        records.push(bytes.subarray(offset, end));
        offset = end;
      }
      const empty = await PeerLedger.open(join(folder, 'part'));
      await empty.close();
      writeFileSync(join(folder, 'part', 'blocks'), Buffer.concat(change(records)));
      const rebuilt = await PeerLedger.open(join(folder, 'part'));
      const { height } = rebuilt;
      await rebuilt.close();
      return height;
    });
  }

  const spoiled = (record: Buffer | undefined): Buffer =>
    Buffer.from((record ?? Buffer.alloc(0)).with(50, ((record ?? Buffer.alloc(0))[50] ?? 0) ^ 1));

  test('are brought in one after the other', async () => {
    expect(await rebuildFrom((records) => records)).toBe(BigInt(steps.length));
  });

  test('end at a broken last record, which a torn write leaves', async () => {
    const last = steps.length - 1;
    expect(await rebuildFrom((records) => [...records.slice(0, last), spoiled(records[last])])).toBe(BigInt(last));
  });

  test('must not be broken in the middle', async () => {
    const broken = rebuildFrom((records) => records.map((record, i) => (i === 3 ? spoiled(record) : record)));
    await expect(broken).rejects.toThrow(/LEDGER_CORRUPT .*the record is broken, and the one behind it is not/);
  });

  test('must lead to the commit hash that they state', async () => {
    const doubted = rebuildFrom((records) =>
      records.map((record, i) => {
        const block = readBlock(record.subarray(8));
        return i === 3 ? recordOf(encodeBlock(withVerdicts(block, [11], readCommitHash(block)))) : record;
      }),
    );
    await expect(doubted).rejects.toThrow(/LEDGER_CORRUPT .*block 3 does not lead to its commit hash/);
  });

  test('must have a code for every transaction', async () => {
    const uncoded = rebuildFrom((records) =>
      records.map((record, i) => {
        const block = readBlock(record.subarray(8));
        return i === 3 ? recordOf(encodeBlock(withVerdicts(block, [], readCommitHash(block)))) : record;
      }),
    );
    await expect(uncoded).rejects.toThrow(/LEDGER_CORRUPT .*block 3 has 0 codes/);
  });

  test('must not be missing in the middle', async () => {
    const missing = rebuildFrom((records) => records.filter((_, i) => i !== 3));
    await expect(missing).rejects.toThrow(/LEDGER_CORRUPT .*block 4: number 3 was wanted/);
  });
});
