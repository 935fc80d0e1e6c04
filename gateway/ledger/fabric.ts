import { type GatewayConfig } from '../config.js';
import { type Wallet } from '../identity/wallet.js';
import { type Attester } from './attestation.js';
import { FabricAttester, type FabricAttesterOptions } from './attester.js';
import { type CommitNotices } from './commit-notices.js';
import { Connection, openChannel } from './connection.js';
import { openBlockSource, openRawBlocks, type RawBlocks } from './deliver.js';
import { FabricLedger } from './fabric-ledger.js';
import { LinkWatch } from './link-watch.js';
import { type InFlight } from './in-flight.js';
import { type LedgerMeter } from './meter.js';
import { type BlockSource, type Ledger } from './port.js';
import { type PeerAddress, type PeerAddresses } from './profile.js';

/** What a gateway reaches of a Fabric network. */
export interface Fabric {
  readonly ledger: Ledger;
  /** The home peer's blocks. */
  readonly home: BlockSource;
  /** Blocks of the other peers in the connection profile. */
  readonly others: readonly BlockSource[];
  /** The home peer's blocks in bytes. */
  readonly rawBlocks: RawBlocks;
  /** Has organisations sign reads. */
  readonly attester: (who: Pick<FabricAttesterOptions, 'members' | 'organisations' | 'accepts'>) => Attester;
  readonly close: () => void;
}

/** What {@link openFabric} works with. */
export interface FabricOptions {
  readonly config: Pick<GatewayConfig, 'channel' | 'chaincode' | 'serviceUser' | 'mspId'>;
  readonly peers: PeerAddresses;
  readonly wallet: Wallet;
  readonly notices: CommitNotices;
  readonly inFlight: InFlight;
  readonly meter: LedgerMeter;
  /** Hears of every channel to the home peer that was given up, and how long that was silent, milliseconds. */
  readonly onSilence: (silentMs: number) => void;
}

/** Makes one channel for each peer. None is connected yet: that happens on first use, and again after every break. */
export function openFabric({ config, peers, wallet, onSilence, ...shared }: FabricOptions): Fabric {
  const channel = openChannel(peers.home);
  const others = peers.others.map((peer) => ({ ...namesOf(peer), channel: openChannel(peer) }));
  type Peer = ReturnType<typeof namesOf> & { readonly channel: typeof channel };
  const reading = (peer: Peer) => ({ ...peer, wallet, user: config.serviceUser, ledgerChannel: config.channel });
  const sourceOf = (peer: Peer): BlockSource => openBlockSource(reading(peer));
  const homePeer = { ...namesOf(peers.home), channel };
  const common = {
    connection: new Connection(channel, wallet),
    ledgerChannel: config.channel,
    chaincode: config.chaincode,
  };
  const ledger = new FabricLedger({ ...common, wallet, ...shared });
  const attester: Fabric['attester'] = (who) =>
    new FabricAttester({ ...common, ...who, home: config.mspId, meter: shared.meter });
  const home = sourceOf(homePeer);
  const watch = new LinkWatch({ link: channel, source: home, warn: onSilence });
  watch.start();
  const close = (): void => {
    watch.close();
    for (const each of [channel, ...others.map((peer) => peer.channel)]) each.close();
  };
  return {
    ledger,
    home,
    others: others.map(sourceOf),
    rawBlocks: openRawBlocks(reading(homePeer)),
    attester,
    close,
  };
}

function namesOf({ name, mspId }: PeerAddress): { readonly name: string; readonly mspId?: string } {
  return { name, ...(mspId !== undefined && { mspId }) };
}
