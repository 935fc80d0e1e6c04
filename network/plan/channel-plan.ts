import { join } from 'node:path';
import { allChannels, membersOf } from './channel-members.js';
import { type WantedChannel } from './channels.js';
import { type Topology } from './topology.js';

/** A channel: whose it is, and where its blocks lie. */
export interface ChannelPlan {
  readonly name: string;
  readonly batch: WantedChannel['batch'];
  /** Its members. */
  readonly mspIds: readonly string[];
  readonly genesisFile: string;
  /** Holds one folder for each peer, named as the peer is. */
  readonly ledgersFolder: string;
}

/** The first channel lies in `ledgers/`, each other one in a folder of its own that looks the same. */
export function planChannels(topology: Topology, folder: string): ChannelPlan[] {
  return allChannels(topology).map((channel, index) => {
    const ledgers = join(folder, 'ledgers');
    const ledgersFolder = index === 0 ? ledgers : join(ledgers, 'channels', channel.name);
    return {
      name: channel.name,
      batch: channel.batch,
      mspIds: membersOf(channel, topology),
      genesisFile: join(ledgersFolder, 'genesis.block'),
      ledgersFolder,
    };
  });
}
