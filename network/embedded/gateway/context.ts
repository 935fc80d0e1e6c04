import { type peer } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { type Policy } from '../msp/policy.js';
import { type CollectionName } from '../endorse/simulator.js';
import { type EndorsingPeer } from './endorsing-peer.js';
import { type SimulatedEffects } from './required-policies.js';

/** A committed transaction's place and verdict. */
export interface CommittedTransaction {
  readonly code: peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];
  readonly blockNumber: bigint;
}

/** The gateway's own peer. */
export interface LocalPeer extends EndorsingPeer {
  /** Resolves when the transaction is on this peer's disk. Rejects when `signal` aborts. */
  waitForTransaction(txId: string, signal: AbortSignal): Promise<CommittedTransaction>;
  /** Blocks as bytes of `common.Block`, from `start` on, then as they come until `signal` aborts. */
  blocks(start: bigint, signal: AbortSignal): AsyncIterable<{ readonly number: bigint; readonly bytes: Uint8Array }>;
  blockNumberOf(txId: string): bigint | undefined;
  /** Whether a chaincode is part of every peer and so has no definition. */
  isSystemChaincode(name: string): boolean;
  /**
   * The policies that a transaction with these effects has to satisfy: of the keys it writes, and of its chaincodes.
   * `undefined` where a chaincode has no definition.
   */
  policiesFor(effects: SimulatedEffects, chaincode: string): readonly Policy[] | undefined;
  /** Whether the peers of an organisation are members of all these collections. */
  arePeersMembers(mspId: string, collections: readonly CollectionName[]): boolean;
}

/** What a peer's gateway works with on a channel; for a channel that the peer is not on, what it has of another one. */
export type ContextOf = (channelId: string) => GatewayContext;

/** What one peer's gateway service works with on one channel. */
export interface GatewayContext {
  readonly local: LocalPeer;
  /** Every running peer of the channel, the local one among them. */
  readonly peers: () => readonly EndorsingPeer[];
  readonly channel: () => ChannelConfig;
  /** `host:port` and organisation of the orderer, for error details. */
  readonly orderer: { readonly address: string; readonly mspId: string };
  /** @throws BroadcastRefusal */
  readonly broadcast: (envelope: Uint8Array) => void;
}
