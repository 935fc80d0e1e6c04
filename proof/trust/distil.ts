import { toHex } from '../bytes.js';
import { ChainBuilder } from '../crypto/chain.js';
import { Membership } from '../crypto/membership.js';
import { platformCrypto } from '../crypto/signature.js';
import { lastConfigOf, readSignedBlock } from '../fabric/block.js';
import { ProofError } from '../proof-error.js';
import { findBlockSigners } from '../verify/block-signers.js';
import { readConfigBlock } from './config-block.js';
import { type Epoch, type TrustRoot } from './trust-root.js';

/** What configuration blocks do not say: who decides it signs for it by printing the fingerprint. */
export type Chosen = Pick<TrustRoot, 'policy' | 'identities' | 'timestampAuthorities'>;

/**
 * Walks a channel's configuration blocks from its genesis block on and makes the trust root of them. Each block must
 * be signed by the orderers of the one before, be named as the last configuration in its own signed metadata, and
 * continue the configuration's sequence: so none is forged and none is left out but the newest.
 * @param blocks `common.Block` bytes of block 0 and of every later configuration block, in order.
 * @throws {ProofError} CONFIG_CHAIN_BROKEN and what reading a block throws
 */
export async function distilTrustRoot(blocks: readonly Uint8Array[], chosen: Chosen): Promise<TrustRoot> {
  const { channel, genesis, epochs } = await walkConfigBlocks(blocks);
  return { schema: 'trust-root/1', channel, genesis, ...chosen, epochs };
}

/** The walk alone, for whoever compares a trust root with a ledger. @throws {ProofError} as {@link distilTrustRoot} */
export async function walkConfigBlocks(
  blocks: readonly Uint8Array[],
): Promise<Pick<TrustRoot, 'channel' | 'genesis' | 'epochs'>> {
  const [first, ...later] = blocks;
  if (first === undefined) throw broken('no genesis block');
  const start = readSignedBlock(first);
  if (start.number !== 0) throw broken('the first block is not number 0');
  const { channel, hash, epoch } = readConfigBlock(start);
  const epochs = [epoch];
  const builder = new ChainBuilder(platformCrypto());
  const tools = { builder, membership: new Membership(builder) };
  for (const bytes of later) {
    const before = epochs[epochs.length - 1] ?? epoch;
    epochs.push(await continueChain(bytes, channel, before, tools));
  }
  return { channel, genesis: toHex(hash), epochs };
}

async function continueChain(
  bytes: Uint8Array,
  channel: string,
  before: Epoch,
  tools: Parameters<typeof findBlockSigners>[2],
): Promise<Epoch> {
  const block = readSignedBlock(bytes);
  const found = readConfigBlock(block);
  const where = `configuration block ${block.number}`;
  if (found.channel !== channel) throw broken(`${where} is of another channel`);
  if (found.epoch.sequence !== before.sequence + 1) throw broken(`${where} does not continue the sequence`);
  if (block.number <= before.configBlock) throw broken(`${where} is not above the one before`);
  if (lastConfigOf(block) !== BigInt(block.number)) throw broken(`${where} does not name itself as configuration`);
  const { signers, wanted } = await findBlockSigners(block, before, tools);
  if (signers.length < wanted) throw broken(`${where} has ${signers.length} of ${wanted} signatures`);
  return found.epoch;
}

function broken(what: string): ProofError {
  return new ProofError('CONFIG_CHAIN_BROKEN', what);
}
