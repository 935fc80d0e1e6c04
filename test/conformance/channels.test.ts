import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GatewayError } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';

import { checkNetwork } from '../../network/fsck/check-network.js';
import { readStatus, startNetwork } from '../../network/manager/network.js';
import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { restoreSnapshot, takeSnapshot } from '../../network/manager/snapshot.js';
import { deliver, readChain } from '../support/network/block-stream.js';
import { PeerConnection } from '../support/network/peer-connection.js';
import { plainTopology, probeChaincode } from '../support/network/plain-topology.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, askValue, commit } from '../support/probe/probe-client.js';
import { errorOf } from './scenario.js';

/** All three on `plain`; One and Two on `trade` as well; Two and Three on `care`, without the probe. */
function severalChannels(): string {
  const endorsement = "OutOf(2,'OneMSP.peer','TwoMSP.peer')";
  const probe = { ...probeChaincode(), endorsement, channels: ['plain', 'trade'] };
  return JSON.stringify({
    ...(JSON.parse(plainTopology([probe])) as object),
    furtherChannels: [
      { name: 'trade', organisations: ['OneMSP', 'TwoMSP'], batch: { timeoutMs: 5, maxMessages: 10 } },
      { name: 'care', organisations: ['ThreeMSP', 'TwoMSP'] },
    ],
  });
}

describe('a network of several channels', () => {
  let network: TestNetwork;
  let elsewhere: string;
  beforeAll(async () => {
    network = await TestNetwork.start({ topology: severalChannels() });
    elsewhere = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'channels-'));
  });
  afterAll(async () => {
    await network.close();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  /** A user on a channel, at a peer of its own organisation or of another one. */
  const on = (channel: string, user: string, mspId?: string): PeerConnection => {
    const { client, identity } = network.connectAs(user, mspId);
    return new PeerConnection(client, channel, identity);
  };
  const refusalOf = (work: Promise<unknown>): Promise<GatewayError> => errorOf(GatewayError, work);

  test('keeps a chain and a state for each, of its members alone', async () => {
    const [plain, trade] = [on('plain', 'user@one'), on('trade', 'user@two')];
    await commit(plain, 'put', ['key', 'of plain']);
    expect(await ask(trade, 'get', 'key')).toBe('');
    await commit(trade, 'put', ['key', 'of trade']);
    expect(await Promise.all([plain, trade].map((each) => ask(each, 'get', 'key')))).toEqual(['of plain', 'of trade']);
    const chains = await Promise.all([readChain(plain), readChain(trade), readChain(on('trade', 'user@one'))]);
    expect(chains[0][0]?.equals(chains[1][0] ?? Buffer.alloc(0))).toBe(false);
    expect(chains[2]).toEqual(chains[1]);
    const [status, { channels, chaincodes }] = [readStatus(network.folder.root), addressesOf(network)];
    expect(status.state).toBe('up');
    expect(channels.map(({ name, mspIds }) => [name, mspIds.length])).toEqual([
      ['plain', 3],
      ['trade', 2],
      ['care', 2],
    ]);
    expect(chaincodes).toMatchObject([{ name: 'probe', channels: ['plain', 'trade'] }]);
  });

  test("a peer's own chaincodes know the channels that it has joined, and no others", async () => {
    const channelsOf = async (user: string): Promise<string[]> => {
      const answer = await on('', user).contract('cscc').evaluateTransaction('GetChannels');
      return peer.ChannelQueryResponse.deserializeBinary(answer)
        .getChannelsList()
        .map((each) => each.getChannelId())
        .sort();
    };
    expect(await channelsOf('user@one')).toEqual(['plain', 'trade']);
    expect(await channelsOf('user@two')).toEqual(['care', 'plain', 'trade']);
    expect(await channelsOf('user@three')).toEqual(['care', 'plain']);
    const info = await on('trade', 'user@one').contract('qscc').evaluateTransaction('GetChainInfo', 'trade');
    expect(common.BlockchainInfo.deserializeBinary(info).getHeight()).toBe(
      (await readChain(on('trade', 'user@one'))).length,
    );
    const unknown = on('plain', 'user@three').contract('qscc').evaluateTransaction('GetChainInfo', 'trade');
    expect((await refusalOf(unknown)).message).toContain('Invalid chain ID, trade');
  });

  test('refuses whoever is no member, at a peer of the channel and at any other one', async () => {
    const atMember = ask(on('trade', 'user@three', 'OneMSP'), 'get', 'key');
    expect((await refusalOf(atMember)).message).toContain(
      'access denied: channel [trade] creator org unknown, creator is malformed',
    );
    const seek = { start: 'oldest', stop: 'newest' } as const;
    expect((await deliver(on('trade', 'user@three', 'OneMSP'), seek)).status).toBe(common.Status.FORBIDDEN);
    expect((await deliver(on('trade', 'user@three'), seek)).status).toBe(common.Status.NOT_FOUND);
    const atOther = ask(on('trade', 'user@three'), 'get', 'key');
    expect((await refusalOf(atOther)).message).toContain('could not get last config for channel trade');
    const submitted = commit(on('trade', 'user@three', 'OneMSP'), 'put', ['key', 'from outside']);
    expect((await refusalOf(submitted)).message).toContain('failed to endorse transaction');
    expect(await ask(on('trade', 'user@one'), 'get', 'key')).toBe('of trade');
  });

  test('a chaincode reads what one on another channel answers; what that writes is dropped', async () => {
    const plain = on('plain', 'user@one');
    const abroad = (args: string[]) =>
      askValue<{ status: number; payload: string }>(plain, 'callAbroad', 'probe', JSON.stringify(args), 'trade');
    expect(await abroad(['get', 'key'])).toMatchObject({ status: 200, payload: 'of trade' });
    const before = (await readChain(on('trade', 'user@one'))).length;
    const write = ['probe', JSON.stringify(['put', 'key', 'from plain']), 'trade'];
    expect((await commit(plain, 'callAbroad', write)).code).toBe(0);
    expect(await ask(on('trade', 'user@one'), 'get', 'key')).toBe('of trade');
    expect(await ask(plain, 'get', 'key')).toBe('of plain');
    expect(await readChain(on('trade', 'user@one'))).toHaveLength(before);
    const stranger = ask(on('plain', 'user@three', 'OneMSP'), 'callAbroad', 'probe', '["get","key"]', 'trade');
    expect((await refusalOf(stranger)).message).toContain('check policy on channel [trade]');
    const nowhere = ask(plain, 'callAbroad', 'probe', '["get","key"]', 'care');
    expect((await refusalOf(nowhere)).message).toContain('Failed to get policy manager for channel [care]');
  });

  test('tells events of one channel to listeners of that channel', async () => {
    const listener = on('trade', 'user@one');
    const events = await listener.network.getChaincodeEvents('probe', { startBlock: 0n });
    try {
      await commit(on('plain', 'user@one'), 'emit', ['e', 'elsewhere', '1']);
      await commit(listener, 'emit', ['e', 'here', '2']);
      const [first] = await takeOne(events);
      expect(first).toMatchObject({ eventName: 'here' });
    } finally {
      events.close();
    }
  });

  test('a stopped peer is missed on none of its channels, and catches up on all', async () => {
    const { root } = network.folder;
    const refused = { code: 'COMMAND_REFUSED', details: { reason: 'LAST_PEER' } };
    await stopPeer(root, 'peer0.three.example');
    await expect(stopPeer(root, 'peer0.two.example')).rejects.toMatchObject(refused); // Alone on `care`.
    await startPeer(root, 'peer0.three.example');
    await stopPeer(root, 'peer1.one.example');
    for (const channel of ['plain', 'trade']) await commit(on(channel, 'user@two'), 'put', ['meanwhile', channel]);
    await startPeer(root, 'peer1.one.example');
    await stopPeer(root, 'peer0.one.example');
    for (const channel of ['plain', 'trade']) {
      expect(await ask(on(channel, 'user@one'), 'get', 'meanwhile')).toBe(channel);
    }
    await startPeer(root, 'peer0.one.example');
  });

  test('are those of the first start: a topology with another one is refused, while they run and afterwards', async () => {
    const { root } = network.folder;
    const topology = JSON.parse(severalChannels()) as { furtherChannels: object[] };
    topology.furtherChannels.push({ name: 'later', organisations: ['OneMSP', 'TwoMSP'] });
    const more = { dataDir: root, topologyText: JSON.stringify(topology) };
    const refused = { code: 'TOPOLOGY_IN_FORCE', details: { differs: 'furtherChannels' } };
    await expect(startNetwork(more)).rejects.toMatchObject(refused);
    await network.kill();
    await expect(startNetwork(more)).rejects.toMatchObject(refused);
    await network.up();
    expect(addressesOf(network).channels.map(({ name }) => name)).toEqual(['plain', 'trade', 'care']);
  });

  test('a copy of it after a kill is whole, channel by channel', async () => {
    expect(await ask(on('trade', 'user@one'), 'get', 'key')).toBe('of trade');
    const [copy, data] = [join(elsewhere, 'copy'), join(elsewhere, 'data')];
    const { files } = await takeSnapshot(network.folder.root, copy);
    expect(files.some(({ path }) => path.endsWith('/index') || path.includes('/index/'))).toBe(false);
    await network.down();
    const report = await checkNetwork(network.folder.root);
    expect(report.findings).toEqual([]);
    expect(report.peers.map(({ channel, index }) => `${channel} ${index}`)).toEqual([
      ...new Array<string>(4).fill('plain checked'),
      ...new Array<string>(2).fill('care checked'),
      ...new Array<string>(3).fill('trade checked'),
    ]);
    await restoreSnapshot(copy, data);
    const restored = await checkNetwork(data);
    expect(restored.findings).toEqual([]);
    expect(restored.peers.map(({ blocks }) => blocks)).toEqual(report.peers.map(({ blocks }) => blocks));
  });
});

function addressesOf(network: TestNetwork) {
  const status = readStatus(network.folder.root);
  if (status.state !== 'up') throw new Error('the network is down');
  return status.network;
}

async function takeOne<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  for await (const item of items) return [item];
  return [];
}
