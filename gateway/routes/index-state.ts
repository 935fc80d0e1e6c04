import { type GatewayParts } from '../parts.js';

/** How far an answer from the audit index can be relied on to be up to date. */
export interface IndexState {
  /** Blocks that are indexed. */
  readonly blocks: number;
  /**
   * Whether the home peer's block stream is up and the index has caught up with it. `false`: the network cannot be
   * reached, or the index is catching up, so newer acts may be missing.
   */
  readonly live: boolean;
  /** When the peer was last heard of, by this gateway's clock, RFC 3339 in UTC; `null` where it never was. */
  readonly heardAt: string | null;
}

/** The state of the index as of now: stands in every answer that is read from it and not from the ledger. */
export function indexState({ index, follower }: Pick<GatewayParts, 'index' | 'follower'>): IndexState {
  const { heardMs } = follower;
  return {
    blocks: (index.tip()?.number ?? -1) + 1,
    live: follower.live,
    heardAt: heardMs === undefined ? null : new Date(heardMs).toISOString(),
  };
}
