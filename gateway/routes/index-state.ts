import { type IndexState } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';

/** The state of the index as of now: stands in every answer that is read from it and not from the ledger. */
export function indexState({ index, follower }: Pick<GatewayParts, 'index' | 'follower'>): IndexState {
  const { heardMs } = follower;
  return {
    blocks: (index.tip()?.number ?? -1) + 1,
    live: follower.live,
    heardAt: heardMs === undefined ? null : new Date(heardMs).toISOString(),
  };
}
