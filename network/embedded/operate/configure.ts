import { type common } from '@hyperledger/fabric-protos';

import { type ChannelConfig } from '../config/channel-config.js';
import { copyRoot } from '../config/edit-config.js';
import { computeUpdate } from '../config/update/compute-update.js';
import { envelopeOfUpdate, signUpdate } from '../config/update/sign-update.js';
import { type Signer } from '../msp/signer.js';
import { NetworkError } from '../network-error.js';

/** How long the block of a change may take to be everywhere, milliseconds. */
const commitMs = 10_000;
const pollMs = 10;

/** What a change needs of a channel that runs. */
export interface ConfigurableChannel {
  readonly name: string;
  /** The configuration in force, at the time of asking. */
  readonly config: () => ChannelConfig;
  /** The configuration that each running peer has. */
  readonly everywhere: () => readonly ChannelConfig[];
  /** @throws BroadcastRefusal */
  readonly broadcast: (envelope: Uint8Array) => void;
}

/** A change of a configuration, and the administrators who agree to it; the first one sends it. */
export interface Amendment {
  readonly edit: (root: common.ConfigGroup) => void;
  readonly signers: readonly [Signer, ...Signer[]];
}

/**
 * Changes a channel's configuration by a genuine CONFIG transaction and waits until every running peer has it.
 * @returns whether anything had to change. @throws ConfigError; BroadcastRefusal where the signatures do not satisfy
 * the policies of what changes; NetworkError CONFIG_TIMEOUT
 */
export async function configure(
  channel: ConfigurableChannel,
  { edit, signers }: Amendment,
  nowMs: number,
): Promise<boolean> {
  const before = channel.config();
  const [original, updated] = [copyRoot(before.config), copyRoot(before.config)];
  edit(updated);
  if (Buffer.compare(original.serializeBinary(), updated.serializeBinary()) === 0) return false;
  const update = computeUpdate(channel.name, original, updated).serializeBinary();
  const signatures = signers.map((signer) => signUpdate(update, signer));
  channel.broadcast(envelopeOfUpdate(channel.name, update, signatures, signers[0], nowMs));
  for (let waitedMs = 0; waitedMs < commitMs; waitedMs += pollMs) {
    if (channel.everywhere().every(({ sequence }) => sequence > before.sequence)) return true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new NetworkError('CONFIG_TIMEOUT', `the new configuration of ${channel.name} is not everywhere yet`);
}
