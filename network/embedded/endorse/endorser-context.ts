import { type ShimStream } from '../chaincode/shim-stream.js';
import { type CollectionRules } from '../commit/collection-rules.js';
import { type ChannelConfig } from '../config/channel-config.js';
import { type StateSnapshot } from '../ledger/state-snapshot.js';
import { type Signer } from '../msp/signer.js';
import { type SystemChaincode } from '../system/system-chaincode.js';
import { type PrivateRwSet } from '../wire/private-rwset.js';

/** The part of a peer that its endorser works with. */
export interface EndorserContext {
  readonly mspId: string;
  readonly signer: Signer;
  readonly channel: () => ChannelConfig;
  /** The peer's own chaincodes, by name. */
  readonly system: ReadonlyMap<string, SystemChaincode>;
  readonly isCommitted: (txId: string) => boolean;
  readonly openState: () => StateSnapshot;
  /** Version of a chaincode's committed definition; `undefined` where none is committed. */
  readonly versionOf: (state: StateSnapshot, chaincode: string) => string | undefined;
  readonly collectionsOf: (state: StateSnapshot) => CollectionRules;
  /** Hands private sets to the peers that are entitled to them, this one too. @throws Error with Fabric's text */
  readonly distribute: (txId: string, sets: readonly PrivateRwSet[], rules: CollectionRules) => Promise<void>;
  /** To the server of what its organisation runs for a chaincode; `undefined` where that is not installed here. */
  readonly streamTo: (state: StateSnapshot, chaincode: string) => ShimStream | undefined;
  /** The same peer on another channel; `undefined` where it has not joined that. */
  readonly onChannel: (channelId: string) => EndorserContext | undefined;
  readonly nowMs: () => number;
}
