import { status } from '@grpc/grpc-js';
import { type ChannelConfig } from '../config/channel-config.js';
import { type SignedMessage } from '../msp/registry.js';
import { RpcError } from './rpc-error.js';

const readersPolicy = '/Channel/Application/Readers';

/**
 * Whether the signer of a request may read the channel. @throws RpcError NOT_FOUND for another channel,
 * PERMISSION_DENIED otherwise. Source: Fabric core/aclmgmt/defaultaclprovider.go (gateway and event resources).
 */
export function checkAccess(channel: ChannelConfig, channelId: string, signed: SignedMessage): void {
  if (channelId !== channel.channelId) throw new RpcError(status.NOT_FOUND, `channel not found: ${channelId}`);
  if (!mayRead(channel, signed)) {
    throw new RpcError(
      status.PERMISSION_DENIED,
      `implicit policy evaluation failed - no sub-policies were satisfied: ${readersPolicy}`,
    );
  }
}

/** Whether one valid signature of a reader is on the message. */
export function mayRead(channel: ChannelConfig, signed: SignedMessage): boolean {
  return channel.policy(readersPolicy).isSatisfiedBy(channel.msps.validSigners([signed]));
}
