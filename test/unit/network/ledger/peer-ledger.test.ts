import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { judgeBlock } from '../../../../network/embedded/commit/judge-block.js';
import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { type Block, blockHash, readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { readCommitHash, withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { peerBlockBytes } from '../../../vectors/vectors.js';
import { collect } from '../commit/memory-state.js';
import { CHAINCODE, put, rwset, TestChannel } from '../commit/test-channel.js';
import { inFolder, judgeFor } from './ledger-folder.js';

const REAL = [0, 1, 2, 3, 4] as const;
const channel = readChannelConfig(peerBlockBytes(0));
const options = { fsync: false };

/**
 * A block as the peer had it before it judged it. (The same block from another orderer carries another set of BFT
 * signatures, so the orderer's copies in the vectors differ in more than the peer's two entries.)
 */
function asReceived(number: number): Block {
  return withVerdicts(readBlock(peerBlockBytes(number)), [], new Uint8Array(0));
}

async function commitReal(ledger: PeerLedger, numbers: readonly number[] = REAL): Promise<void> {
  for (const number of numbers) {
    const block = asReceived(number);
    await ledger.commit(block, await judgeFor(ledger, block, channel));
  }
}

/** Everything a reader could ask about the real blocks. */
async function contentsOf(ledger: PeerLedger): Promise<unknown> {
  const state = ledger.openState();
  const blocks = await Promise.all(REAL.map((number) => ledger.blockBytes(BigInt(number))));
  const ids = blocks.flatMap((bytes) =>
    readBlock(bytes).envelopes.map((each) => readEnvelope(each).channelHeader.txId),
  );
  const contents = {
    height: ledger.height,
    lastConfig: ledger.lastConfig,
    hash: Buffer.from(ledger.lastBlockHash).toString('hex'),
    commitHash: Buffer.from(ledger.commitHash).toString('hex'),
    blocks: blocks.map((bytes) => Buffer.from(bytes).toString('hex')),
    transactions: ids.map((id) => ledger.transaction(id)),
    lifecycle: await collect(state.range('_lifecycle', '', '')),
    history: await collect(state.history('_lifecycle', 'namespaces/fields/evidence/Sequence')),
  };
  await state.close();
  return contents;
}

describe('a ledger of real blocks', () => {
  test('stores every block exactly as the real peer did', () =>
    inFolder(async (folder) => {
      const ledger = await PeerLedger.open(folder, options);
      await commitReal(ledger);
      for (const number of REAL) {
        expect(Buffer.from(await ledger.blockBytes(BigInt(number))).equals(peerBlockBytes(number))).toBe(true);
      }
      expect(ledger.height).toBe(5n);
      expect(ledger.lastConfig).toBe(0n);
      expect(Buffer.from(ledger.lastBlockHash)).toEqual(Buffer.from(blockHash(readBlock(peerBlockBytes(4)))));
      expect(Buffer.from(ledger.commitHash)).toEqual(Buffer.from(readCommitHash(readBlock(peerBlockBytes(4)))));
      await ledger.verify();
      await ledger.close();
    }));

  test('is the same after it was closed, and after its index was deleted', () =>
    inFolder(async (folder) => {
      const first = await PeerLedger.open(folder, options);
      await commitReal(first);
      const before = await contentsOf(first);
      await first.close();
      const again = await PeerLedger.open(folder, options);
      expect(await contentsOf(again)).toEqual(before);
      await again.close();
      rmSync(join(folder, 'index'), { recursive: true });
      const rebuilt = await PeerLedger.open(folder, options);
      expect(await contentsOf(rebuilt)).toEqual(before);
      await rebuilt.close();
    }));

  test('takes several blocks in one commit, each judged on what the one before leaves', () =>
    inFolder(async (folder) => {
      const ledger = await PeerLedger.open(folder, options);
      await commitReal(ledger, [0, 1]);
      const [second, third] = [2, 3].map((number) => asReceived(number)) as [Block, Block];
      const verdicts = await judgeFor(ledger, second, channel);
      const next = await judgeBlock(third, { channel, state: verdicts.updates, isCommitted: () => false });
      await ledger.commitAll([
        { block: second, verdicts },
        { block: third, verdicts: next },
      ]);
      expect(Buffer.from(await ledger.blockBytes(3n)).equals(peerBlockBytes(3))).toBe(true);
      await ledger.close();
    }));

  test('refuses a block that does not follow, and stays usable', () =>
    inFolder(async (folder) => {
      const ledger = await PeerLedger.open(folder, options);
      await commitReal(ledger, [0]);
      const block = asReceived(2);
      const verdicts = await judgeFor(ledger, block, channel);
      await expect(ledger.commit(block, verdicts)).rejects.toMatchObject({ code: 'LEDGER_ORDER' });
      const first = asReceived(1);
      const otherPast = { ...first, previousHash: Buffer.alloc(32) };
      await expect(ledger.commit(otherPast, verdicts)).rejects.toMatchObject({ code: 'LEDGER_ORDER' });
      const otherData = { ...first, envelopes: first.envelopes.slice(1) };
      await expect(ledger.commit(otherData, verdicts)).rejects.toMatchObject({ code: 'LEDGER_ORDER' });
      await commitReal(ledger, [1]);
      await expect(ledger.blockBytes(2n)).rejects.toMatchObject({ code: 'NO_SUCH_BLOCK' });
      await ledger.close();
    }));

  test('belongs to one process at a time', () =>
    inFolder(async (folder) => {
      const ledger = await PeerLedger.open(folder, options);
      // LevelDB's lock is per process, so another process must try.
      const script = `new (require('classic-level').ClassicLevel)(process.argv[1]).open()
        .catch((error) => console.log(error.cause.code))`;
      const other = spawnSync(process.execPath, ['-e', script, join(folder, 'index')], { encoding: 'utf8' });
      expect(other.stdout.trim()).toBe('LEVEL_LOCKED');
      await expect(PeerLedger.open(folder, options)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' });
      await ledger.close();
      await expect(ledger.commitAll([])).rejects.toMatchObject({ code: 'LEDGER_FAILED' });
    }));
});

describe('what a ledger tells', () => {
  test('ids keep their first place, invalid writes leave no history, and a snapshot does not move', () =>
    inFolder(async (folder) => {
      const testing = await TestChannel.create();
      const ledger = await PeerLedger.open(folder, options);
      const commit = async (...envelopes: Uint8Array[]): Promise<void> => {
        const block = testing.nextBlock(envelopes);
        await ledger.commit(block, await testing.commit(envelopes));
      };
      await ledger.commit(testing.genesis, await judgeFor(ledger, testing.genesis, testing.channel));
      const definition = await testing.define();
      if (testing.definitionBlock) await ledger.commit(testing.definitionBlock, definition);
      const [first, second] = ['1', '2'].map((value) =>
        testing.transaction({ sets: [rwset({ writes: [put('k', value)] })] }),
      );
      const dropped = testing.transaction({ sets: [rwset({ writes: [{ ...put('k', ''), isDelete: true }] })] });
      if (!first || !second) throw new Error('no transactions');
      await commit(first);
      const snapshot = ledger.openState();
      const loser = testing.transaction({
        sets: [rwset({ reads: [{ key: 'k', version: undefined }], writes: [put('k', 'never')] })],
      });
      await commit(second, first, loser);
      await commit(dropped);

      const [id] = (await testing.judge([first])).transactions.map(({ txId }) => txId);
      expect(ledger.transaction(id ?? '')).toEqual({ blockNumber: 2n, txIndex: 0, code: 0 });
      expect(ledger.blockNumberOf('unheard of')).toBeUndefined();
      expect(Buffer.from(snapshot.get(CHAINCODE, 'k')?.value ?? []).toString()).toBe('1');
      const now = ledger.openState();
      expect(now.get(CHAINCODE, 'k')).toBeUndefined();
      const history = await collect(now.history(CHAINCODE, 'k'));
      expect(history.map(({ value, isDelete }) => [Buffer.from(value).toString(), isDelete])).toEqual([
        ['', true],
        ['2', false],
        ['1', false],
      ]);
      expect(history[2]).toMatchObject({ txId: id, timestamp: { seconds: 1767225600, nanos: 5 } });
      expect(await collect(now.history('', 'CHANNEL_CONFIG_ENV_BYTES'))).toEqual([]);
      expect(await collect(snapshot.history(CHAINCODE, 'k'))).toHaveLength(1);
      await Promise.all([now.close(), snapshot.close()]);
      await ledger.close();
    }));
});
