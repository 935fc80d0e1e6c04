import { type ChannelConfig } from '../config/channel-config.js';
import { type PeerLedger } from '../ledger/peer-ledger.js';

/** The part of a ledger that is asked about blocks and transactions, not about state. */
export type ChainReader = Pick<
  PeerLedger,
  'height' | 'lastHeader' | 'lastBlockHash' | 'lastConfig' | 'blockBytes' | 'transaction' | 'blockNumberOfHash'
>;

/** A channel that the peer has joined, as its own chaincodes see it. */
export interface ServedChannel {
  readonly config: () => ChannelConfig;
  readonly chain: ChainReader;
  /** What is defined there, with the package that the peer's own organisation runs for it; empty where it runs none. */
  readonly adopted: () => Promise<readonly AdoptedChaincode[]>;
}

/** A chaincode of a channel as one organisation runs it. */
export interface AdoptedChaincode {
  readonly name: string;
  readonly version: string;
  readonly packageId: string;
}

/** A peer, as its own chaincodes see it. */
export interface SystemContext {
  readonly mspId: string;
  /** By channel id. */
  readonly channels: () => ReadonlyMap<string, ServedChannel>;
}
