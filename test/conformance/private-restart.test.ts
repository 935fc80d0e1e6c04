import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { peer } from '@hyperledger/fabric-protos';

import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { restoreSnapshot, takeSnapshot } from '../../network/manager/snapshot.js';
import { searchFolder } from '../support/network/byte-search.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, askValue, commit } from '../support/probe/probe-client.js';
import { USERS } from './scenario.js';

const { VALID } = peer.TxValidationCode;

/** What becomes of private data on the disk: where it is, that it comes back, and that it does not. */
describe('private data on the disks of the embedded network', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
  });
  afterAll(() => network.close());

  const secretly = (key: string, value: string) => ({ arguments: ['open', key, ''], transientData: { value } });
  const put = (key: string, value: string) =>
    commit(network.connectAs(USERS.ChongqingMSP), 'putPrivate', secretly(key, value));
  const readAt = (mspId: 'ChongqingMSP' | 'ZhejiangMSP', key: string) =>
    ask(network.connectAs(USERS[mspId]), 'getPrivate', 'open', key);
  const ledgerOf = (domain: string) => join(network.folder.root, 'ledgers', `peer0.${domain}`);

  test('lies with the members and nowhere else: no byte in the folders of other peers, none in blocks', async () => {
    expect((await put('where', 'KEEP-IT-AMONG-US')).code).toBe(VALID);
    await network.down();
    const found = await searchFolder(join(network.folder.root, 'ledgers'), ['KEEP-IT-AMONG-US']);
    const places = found.map(({ place }) => place.replace(`${network.folder.root}/ledgers/`, ''));
    expect(places.filter((place) => !/^peer0\.(chongqing|zhejiang)\.example\/(private|index)/.test(place))).toEqual([]);
    const withIt = (domain: string): boolean => places.some((place) => place.startsWith(`peer0.${domain}.example`));
    expect([withIt('chongqing'), withIt('zhejiang')]).toEqual([true, true]);
    await network.up();
  });

  test('is there again after an orderly restart, after a kill, and after the index was deleted', async () => {
    await put('again', 'one');
    await put('again', 'two');
    await network.down();
    await network.up();
    expect(await readAt('ZhejiangMSP', 'again')).toBe('two');
    await put('again', 'three');
    await network.kill();
    await network.up();
    expect(await readAt('ChongqingMSP', 'again')).toBe('three');
    await network.down();
    await rm(join(ledgerOf('zhejiang.example'), 'index'), { recursive: true });
    await network.up();
    expect(await readAt('ZhejiangMSP', 'again')).toBe('three');
    expect(await askValue(network.connectAs(USERS.ZhejiangMSP), 'rangePrivate', 'open', 'again', 'again~')).toEqual([
      ['again', 'three'],
    ]);
  });

  test('comes back from another member when a peer begins anew, and never to a stranger', async () => {
    await put('fetched', 'first');
    await put('fetched', 'second');
    await network.down();
    for (const domain of ['zhejiang.example', 'beijing.example']) await rm(ledgerOf(domain), { recursive: true });
    await network.up();
    expect(await readAt('ZhejiangMSP', 'fetched')).toBe('second');
    await expect(ask(network.connectAs(USERS.BeijingMSP), 'getPrivate', 'open', 'fetched')).rejects.toThrow(
      'matching public hash version is not available',
    );
    // Its endorsement rests on the value that it fetched.
    await put('fetched', '1');
    expect((await commit(network.connectAs(USERS.ZhejiangMSP), 'addPrivate', ['open', 'fetched', '4'])).code).toBe(
      VALID,
    );
    expect(await readAt('ChongqingMSP', 'fetched')).toBe('5');
  });

  test('that a stopped member missed is there when it has caught up', async () => {
    await stopPeer(network.folder.root, 'peer0.zhejiang.example');
    const missed = {
      arguments: ['loose', 'missed', ''],
      transientData: { value: 'while away' },
      endorsingOrganizations: ['ChongqingMSP', 'BeijingMSP'],
    };
    expect((await commit(network.connectAs(USERS.ChongqingMSP), 'putPrivate', missed)).code).toBe(VALID);
    await startPeer(network.folder.root, 'peer0.zhejiang.example');
    expect(await ask(network.connectAs(USERS.ZhejiangMSP), 'getPrivate', 'loose', 'missed')).toBe('while away');
  });

  test('that was purged is on no disk any more, also where a peer was away', async () => {
    await put('forget', 'NEVER-HEARD-OF-IT');
    expect(await readAt('ZhejiangMSP', 'forget')).toBe('NEVER-HEARD-OF-IT');
    await commit(network.connectAs(USERS.ChongqingMSP), 'purgePrivate', ['open', 'forget']);
    await network.down();
    await rm(ledgerOf('zhejiang.example'), { recursive: true });
    await network.up();
    expect(await readAt('ZhejiangMSP', 'forget')).toBe('');
    await network.down();
    expect(await searchFolder(join(network.folder.root, 'ledgers'), ['NEVER-HEARD-OF-IT'])).toEqual([]);
    await network.up();
    expect(await readAt('ZhejiangMSP', 'again')).toBe('three');
  });

  test('is in a snapshot of the running network', async () => {
    const { root } = network.folder;
    const copy = join(root, '..', `${Date.now()}-private`);
    await takeSnapshot(root, copy);
    try {
      await network.down();
      await rm(join(root), { recursive: true });
      await restoreSnapshot(copy, root);
      await network.up();
      expect(await readAt('ZhejiangMSP', 'again')).toBe('three');
      expect((await put('again', 'four')).code).toBe(VALID);
      expect(await readAt('ZhejiangMSP', 'again')).toBe('four');
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
