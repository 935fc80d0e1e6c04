import { BlockDelivery } from '../../../../network/embedded/peer/block-delivery.js';
import { type Peer } from '../../../../network/embedded/peer/peer.js';
import { type Block } from '../../../../network/embedded/wire/block.js';

const block = { number: 1n } as Block;

/** As much of a peer as delivery sees: it commits, or fails like a disk that is full. */
function peerThat(commits: () => Promise<void>, announce: () => void = () => undefined): Peer {
  return { commit: commits, announce, meet: () => undefined, height: 1n } as unknown as Peer;
}

const full = () => Promise.reject(new Error('ENOSPC: no space left on device'));

test('a peer that cannot commit is left behind, and the others go on', async () => {
  const counted: string[] = [];
  const good = peerThat(() => Promise.resolve(void counted.push('good')));
  const bad = peerThat(full);
  const lost: [Peer, unknown][] = [];
  const delivery = new BlockDelivery([good, bad], (peer, error) => lost.push([peer, error]));
  await delivery.deliver(block);
  await delivery.deliver(block);
  expect(counted).toEqual(['good', 'good']);
  expect(lost).toEqual([[bad, expect.objectContaining({ message: 'ENOSPC: no space left on device' })]]);
  expect(delivery.peers).toEqual([good]);
});

test('no peer tells of a block before every other one has it', async () => {
  const happened: string[] = [];
  const peers = ['slow', 'fast'].map((name) =>
    peerThat(
      async () => {
        if (name === 'slow') await new Promise((resolve) => setImmediate(resolve));
        happened.push(`${name} has it`);
      },
      () => void happened.push(`${name} tells`),
    ),
  );
  await new BlockDelivery(peers, () => undefined).deliver(block);
  expect(happened).toEqual(['fast has it', 'slow has it', 'slow tells', 'fast tells']);
});

test('when no peer could commit, delivering fails and nobody is left behind', async () => {
  const lost: Peer[] = [];
  const delivery = new BlockDelivery([peerThat(full), peerThat(full)], (peer) => lost.push(peer));
  await expect(delivery.deliver(block)).rejects.toThrow('ENOSPC');
  expect([lost.length, delivery.peers.length]).toEqual([0, 2]);
});

test('a peer leaves between two blocks, and never the last one', async () => {
  let release = (): void => undefined;
  const slow = peerThat(() => new Promise<void>((resolve) => (release = resolve)));
  const other = peerThat(() => Promise.resolve());
  const delivery = new BlockDelivery([slow, other], () => undefined);
  const delivered = delivery.deliver(block);
  const left = delivery.leave(slow);
  await new Promise((resolve) => setImmediate(resolve));
  expect(delivery.peers).toHaveLength(2);
  release();
  await delivered;
  expect(await left).toBe(true);
  expect(await delivery.leave(slow)).toBe(false);
  expect(await delivery.leave(other)).toBe(false);
  expect(delivery.source).toBe(other);
});

test('a peer with blocks that nobody else has cannot join', async () => {
  const delivery = new BlockDelivery([peerThat(() => Promise.resolve())], () => undefined);
  const taller = { height: 2n, address: '127.0.0.1:1', meet: () => undefined } as unknown as Peer;
  await expect(delivery.join(taller)).rejects.toMatchObject({ code: 'LEDGER_FORK' });
});
