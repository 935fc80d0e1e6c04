import { peer } from '@hyperledger/fabric-protos';
import { readBlock } from '../wire/block.js';
import { readEnvelope } from '../wire/envelope.js';
import { Fields } from '../wire/protobuf-reader.js';
import { CHANNEL_READERS, channelRefusal, localRefusal, refuseFor } from './access.js';
import { type ServedChannel, type SystemContext } from './served-channel.js';
import { respond, type SystemCall, type SystemChaincode, SystemRefusal, textArg } from './system-chaincode.js';

/** Joining is this network's own business: its topology says which peers a channel has. */
const withoutSecondArgument = ['GetChannels', 'JoinBySnapshotStatus'];

/**
 * The configuration system chaincode: which channels the peer has joined, and the configuration of one of them.
 * Answers are `peer.ChannelQueryResponse`, `common.Block` and `common.Config`, the last two as the chain holds them.
 * Source: Fabric core/scc/cscc/configure.go.
 */
export function createCscc(context: SystemContext): SystemChaincode {
  return { name: 'cscc', invoke: (call) => respond(() => answer(context, call)) };
}

function answer(context: SystemContext, call: SystemCall): Promise<Uint8Array> | Uint8Array {
  const { args, calledName } = call;
  const name = textArg(args, 0);
  if (args.length === 0 || (args.length < 2 && !withoutSecondArgument.includes(name))) {
    throw new SystemRefusal(`Incorrect number of arguments, ${args.length}`);
  }
  if (calledName !== 'cscc') {
    throw new SystemRefusal(`Rejecting invoke of CSCC from another chaincode, original invocation for '${calledName}'`);
  }
  switch (name) {
    case 'GetChannels':
      return channels(context, call);
    case 'GetConfigBlock':
      return configBlock(readable(context, call, name));
    case 'GetChannelConfig':
      if (textArg(args, 1) === '') throw new SystemRefusal('empty channel name provided');
      return channelConfig(readable(context, call, name));
    default:
      throw new SystemRefusal(`Requested function ${name} not found.`);
  }
}

function channels({ mspId, channels: served }: SystemContext, { creator }: SystemCall): Uint8Array {
  const refusal = localRefusal(mspId, 'Members', creator);
  refuseFor(refusal, (reason) => `access denied for [GetChannels]: ${reason}`);
  const response = new peer.ChannelQueryResponse();
  for (const channelId of served().keys()) {
    const info = new peer.ChannelInfo();
    info.setChannelId(channelId);
    response.addChannels(info);
  }
  return response.serializeBinary();
}

/** The channel that the second argument names. @throws SystemRefusal where the caller may not read it */
function readable(context: SystemContext, { args, creator }: SystemCall, name: string): ServedChannel {
  const channelId = textArg(args, 1);
  const channel = context.channels().get(channelId);
  const refusal = channelRefusal(channel?.config(), channelId, CHANNEL_READERS, [creator]);
  refuseFor(refusal, (reason) => `access denied for [${name}][${channelId}]: ${reason}`);
  if (channel === undefined) throw new SystemRefusal(`Unknown channel ID, ${channelId}`);
  return channel;
}

function configBlock({ chain }: ServedChannel): Promise<Uint8Array> {
  return chain.blockBytes(chain.lastConfig);
}

/** Field 1 of the `common.ConfigEnvelope` in the newest configuration block. */
async function channelConfig(channel: ServedChannel): Promise<Uint8Array> {
  const [envelope = new Uint8Array(0)] = readBlock(await configBlock(channel)).envelopes;
  return new Fields(readEnvelope(envelope).data).message(1) ?? new Uint8Array(0);
}
