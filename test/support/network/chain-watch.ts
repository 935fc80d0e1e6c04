import { readChain } from './block-stream.js';
import { type ChainTransaction, readTransactions } from './chain-reader.js';
import { type PeerConnection } from './peer-connection.js';

/** Does some work. @returns the transactions that the connection's peer committed meanwhile, whatever their verdicts. */
export async function committedDuring(
  connection: PeerConnection,
  work: () => Promise<unknown>,
): Promise<readonly ChainTransaction[]> {
  const before = await readChain(connection);
  await work();
  const after = await readChain(connection);
  return readTransactions(after.slice(before.length));
}
