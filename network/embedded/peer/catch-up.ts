import { blockHash, readBlock } from '../wire/block.js';
import { sameBytes } from '../wire/utf8-order.js';
import { type Peer } from './peer.js';

/** Peers of one channel hold different blocks under one number. Nothing can decide which is right. */
export class ForkError extends Error {
  override readonly name = 'ForkError';
  readonly code = 'LEDGER_FORK';
}

/**
 * Brings every peer to the height of the longest chain, each validating the missing blocks itself.
 * @param peers at least one. @returns the peer whose chain was longest. @throws ForkError, CommitError, LedgerError
 */
export async function catchUp(peers: readonly Peer[]): Promise<Peer> {
  const [longest] = peers.toSorted((a, b) => Number(b.height - a.height));
  if (longest === undefined) throw new Error('a channel has a peer');
  for (const peer of peers) {
    await checkPrefix(peer, longest);
    for (let number = peer.height; number < longest.height; number += 1n) {
      await peer.commit(readBlock(await longest.blockBytes(number)));
    }
    peer.announce();
  }
  return longest;
}

async function checkPrefix(peer: Peer, longest: Peer): Promise<void> {
  const { number } = peer.tip;
  const known = readBlock(await longest.blockBytes(number));
  if (!sameBytes(blockHash(known), blockHash(peer.tip))) {
    throw new ForkError(`${peer.mspId} and ${longest.mspId} hold different blocks ${number}`);
  }
}
