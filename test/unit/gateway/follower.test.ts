import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditIndex } from '../../../gateway/audit/audit-index.js';
import { type ChainFault } from '../../../gateway/audit/chain.js';
import { Follower } from '../../../gateway/audit/follower.js';
import { AuditQuery } from '../../../gateway/audit/query.js';
import { type LedgerBlock } from '../../../gateway/ledger/block.js';
import { CommitNotices } from '../../../gateway/ledger/commit-notices.js';
import { blockAfter, CHAINCODE, chainOf, FakePeer, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { registered } from './support/records.js';

const CHAIN = chainOf(transactionOf('a', registered('a')), transactionOf('b', registered('b')));
const NEXT = blockAfter(CHAIN.at(-1), [transactionOf('c', registered('c'))]);

describe('the follower', () => {
  let folder: string;
  let peer: FakePeer;
  let index: AuditIndex;
  let notices: CommitNotices;
  let follower: Follower;
  let changes: number;
  const changed = () => void (changes += 1);
  let warnings: unknown[];

  const start = (blocks: readonly LedgerBlock[] = CHAIN): void => {
    peer = new FakePeer('peer0', blocks);
    follower = new Follower({ source: peer, index, notices, warn: (error) => warnings.push(error), changed });
    follower.start();
  };
  const until = async (condition: () => boolean): Promise<void> => {
    for (let tries = 0; !condition(); tries += 1) {
      if (tries > 200) throw new Error('waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const tip = () => index.tip()?.number ?? -1;
  const fault = () => follower.fault && { block: follower.fault.blockNumber, what: follower.fault.what };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'follower-'));
    index = new AuditIndex(join(folder, 'index.sqlite'), CHAINCODE);
    notices = new CommitNotices();
    warnings = [];
    changes = 0;
  });
  afterEach(async () => {
    await follower.close();
    index.close();
    rmSync(folder, { recursive: true });
  });

  test('indexes what is there, then what comes', async () => {
    start();
    await until(() => notices.live);
    expect(tip()).toBe(2);
    const before = changes;
    peer.add(NEXT);
    await until(() => tip() === 3 && changes > before);
    expect(new AuditQuery(index).placeOf(hash('c'))).toEqual({ blockNumber: 3, txIndex: 0 });
    expect(follower.lagBlocks()).toBe(0);
  });

  test('tells who waits for a transaction, once its block is indexed', async () => {
    start();
    await until(() => notices.live);
    const expected = notices.expect(hash('c'));
    peer.add(NEXT);
    expect(await expected.notice).toEqual({ blockNumber: 3, code: 'VALID' });
    expect(tip()).toBe(3);
  });

  test('lets go of those who wait when the stream breaks off, and comes back by itself', async () => {
    start();
    await until(() => notices.live);
    const expected = notices.expect(hash('c'));
    peer.stop();
    expect(await expected.notice).toBeUndefined();
    expect(notices.live).toBe(false);
    await until(() => warnings.length === 1);
    peer.down = false;
    peer.add(NEXT);
    await until(() => notices.live && tip() === 3);
    expect(warnings).toHaveLength(1);
  });

  test('starts although its peer is away, and says so once', async () => {
    peer = new FakePeer('peer0', CHAIN);
    peer.down = true;
    follower = new Follower({ source: peer, index, notices, warn: (error) => warnings.push(error), changed });
    follower.start();
    await until(() => warnings.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 700)); // Long enough for two more attempts.
    expect(warnings).toHaveLength(1);
    peer.down = false;
    await until(() => tip() === 2);
  });

  test('goes on from its checkpoint, and writes no block twice', async () => {
    for (const block of CHAIN.slice(0, 2)) index.append(block);
    start();
    await until(() => notices.live);
    expect(new AuditQuery(index).events({}, 100)).toHaveLength(3);
    expect(warnings).toEqual([]);
  });

  test.each<[string, () => LedgerBlock, ChainFault['what']]>([
    ['whose contents differ from its header', () => ({ ...NEXT, contentHash: hash('other') }), 'CONTENT'],
    ['that names another block before it', () => ({ ...NEXT, previousHash: hash('other') }), 'LINK'],
    ['that leaves a gap', () => ({ ...NEXT, number: 4 }), 'GAP'],
  ])('stops before a block %s', async (_name, make, what) => {
    start();
    await until(() => notices.live);
    peer.add(make());
    await until(() => fault() !== undefined);
    expect(fault()).toEqual({ block: make().number, what });
    expect([tip(), notices.live]).toEqual([2, false]);
    // The peer mends it: the index goes on.
    peer.blocksNow[3] = NEXT;
    await until(() => tip() === 3);
    expect(follower.fault).toBeUndefined();
  });

  test('does not mix the blocks of two chains', async () => {
    const other = chainOf(transactionOf('x', undefined), transactionOf('y', undefined), transactionOf('z', undefined));
    for (const block of CHAIN) index.append(block);
    start(other);
    await until(() => fault() !== undefined);
    expect(fault()).toEqual({ block: 2, what: 'FORK' });
    expect(tip()).toBe(2);
  });

  test('says so where its peer has lost blocks', async () => {
    for (const block of CHAIN) index.append(block);
    start(CHAIN.slice(0, 2));
    await until(() => fault() !== undefined);
    expect(fault()).toEqual({ block: 2, what: 'SHORT' });
  });
});

describe('commit notices', () => {
  const expectNow = async (notices: CommitNotices, block: LedgerBlock) => {
    const expected = notices.expect(hash('c'));
    notices.announce(block);
    return expected.notice;
  };

  test('pass over a copy that peers marked as duplicate', async () => {
    const notices = new CommitNotices();
    notices.resume();
    const copy = blockAfter(CHAIN.at(-1), [
      transactionOf('c', undefined, { code: 'DUPLICATE_TXID' }),
      transactionOf('c', undefined, { code: 'MVCC_READ_CONFLICT' }),
    ]);
    expect(await expectNow(notices, copy)).toEqual({ blockNumber: 3, code: 'MVCC_READ_CONFLICT' });
  });

  test('promise nothing while the stream is away', async () => {
    expect(await expectNow(new CommitNotices(), NEXT)).toBeUndefined();
  });

  test('forget those who stopped waiting', async () => {
    const notices = new CommitNotices();
    notices.resume();
    const expected = notices.expect(hash('c'));
    expected[Symbol.dispose]();
    notices.announce(NEXT);
    const unresolved = await Promise.race([expected.notice, Promise.resolve('unresolved')]);
    expect(unresolved).toBe('unresolved');
  });
});
