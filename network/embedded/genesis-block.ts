import { existsSync, readFileSync } from 'node:fs';
import { readMspMaterial } from '../ca/material.js';
import { writeAtomically } from '../manager/atomic-file.js';
import { type ChannelPlan } from '../plan/channel-plan.js';
import { type NetworkPlan } from '../plan/plan.js';
import { createGenesisBlock } from './config/genesis.js';
import { type PeerLedger } from './ledger/peer-ledger.js';
import { createNonce } from './wire/nonce.js';

/**
 * A channel's first block. It is made once: it is the channel's identity. Where its file was lost it comes back from
 * a ledger that began with it. @param ledgers of all peers, new ones among them. @returns bytes of `common.Block`
 */
export async function ensureGenesis(
  plan: NetworkPlan,
  channel: ChannelPlan,
  ledgers: readonly PeerLedger[],
  nowMs: number,
): Promise<Uint8Array> {
  if (existsSync(channel.genesisFile)) return readFileSync(channel.genesisFile);
  const founded = ledgers.find(({ height }) => height > 0n);
  const genesis = founded === undefined ? create(plan, channel, nowMs) : await founded.blockBytes(0n);
  writeAtomically(channel.genesisFile, genesis);
  return genesis;
}

function create(plan: NetworkPlan, channel: ChannelPlan, nowMs: number): Uint8Array {
  return createGenesisBlock({
    channelId: channel.name,
    batch: channel.batch,
    orderer: { ...readMspMaterial(plan.orderer), addresses: plan.orderer.nodes.map(({ address }) => address) },
    organisations: plan.organisations
      .filter(({ mspId }) => channel.mspIds.includes(mspId))
      .map((each) => ({ ...readMspMaterial(each), anchorPeers: each.nodes })),
    timestampMs: nowMs,
    nonce: createNonce(),
  });
}
