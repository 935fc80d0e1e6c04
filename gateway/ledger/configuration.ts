import { common, orderer } from '@hyperledger/fabric-protos';

/** What a channel's configuration says about who runs it. */
export interface LedgerConfiguration {
  /** Name of the ordering service: `BFT` or `etcdraft` on real Fabric; any other name is some other kind of network. */
  readonly consensus: string;
  /** Names of the member organisations' groups, which are their MSP ids in our networks; sorted. */
  readonly organisations: readonly string[];
}

/** @param envelopes of one block; a configuration stands alone in its block. @returns `undefined` in any other block. */
export function readConfiguration(envelopes: readonly Uint8Array[]): LedgerConfiguration | undefined {
  const [only, ...others] = envelopes;
  if (only === undefined || others.length > 0) return undefined;
  try {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(only).getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(
      payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
    );
    if (header.getType() !== common.HeaderType.CONFIG) return undefined;
    return readGroups(common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()));
  } catch {
    return undefined; // Not readable, hence not a configuration that peers would follow.
  }
}

function readGroups(envelope: common.ConfigEnvelope): LedgerConfiguration | undefined {
  const groups = envelope.getConfig()?.getChannelGroup()?.getGroupsMap();
  const consensus = groups?.get('Orderer')?.getValuesMap().get('ConsensusType')?.getValue_asU8();
  const members = groups?.get('Application')?.getGroupsMap();
  if (consensus === undefined || members === undefined) return undefined;
  return {
    consensus: orderer.ConsensusType.deserializeBinary(consensus).getType(),
    organisations: [...members.keys()].sort(),
  };
}
