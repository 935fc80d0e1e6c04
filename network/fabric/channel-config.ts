import { join } from 'node:path';
import { stringify } from 'yaml';

import { type FabricPlan, type OrdererPlan } from '../plan/fabric-plan.js';
import { type NodePlan, type OrganisationPlan } from '../plan/plan.js';

/** Name of the profile in `configtx.yaml`. */
export const channelProfile = 'Consortium';

/** SmartBFT reads no `BatchTimeout`: this is how long its leader collects a batch where the topology says 0. */
const batchIntervalMs = 50;

/**
 * `configtx.yaml`: the channel's first configuration. Readers and writers are flat signature policies, because an
 * orderer checks them for every transaction, and nested ones cost it half of its processor time; administration stays
 * with majorities. Source: Fabric sampleconfig/configtx.yaml; capabilities as Fabric 3.1 needs for Byzantine ordering.
 */
export function formatChannelConfig(plan: FabricPlan): string {
  const { organisations, orderingOrganisations, orderers, channel } = plan;
  const members = organisations.map(({ mspId }) => mspId);
  const everyone = [...members, ...orderingOrganisations.map(({ mspId }) => mspId)];
  const { maxMessages, absoluteBytes, preferredBytes, timeoutMs } = channel.batch;
  return stringify({
    Profiles: {
      [channelProfile]: {
        Policies: policies(anyMember(everyone), anyMember(everyone)),
        Capabilities: { V3_0: true },
        Orderer: {
          OrdererType: 'BFT',
          BatchTimeout: `${timeoutMs || batchIntervalMs}ms`,
          BatchSize: {
            MaxMessageCount: maxMessages,
            AbsoluteMaxBytes: absoluteBytes,
            PreferredMaxBytes: preferredBytes,
          },
          MaxChannels: 0,
          ConsenterMapping: orderers.map(consenter),
          SmartBFT: smartBft(timeoutMs || batchIntervalMs),
          Organizations: orderingOrganisations.map((each) => orderingOrganisation(each)),
          Policies: {
            ...policies(implicit('ANY Readers'), implicit('ANY Writers')),
            // `configtxgen` replaces it with a quorum of the consenters' identities.
            BlockValidation: implicit('ANY Writers'),
          },
          Capabilities: { V2_0: true },
        },
        Application: {
          Organizations: organisations.map((each) => applicationOrganisation(each)),
          Policies: {
            ...policies(anyMember(members), anyMember(members)),
            LifecycleEndorsement: implicit('MAJORITY Endorsement'),
            Endorsement: implicit('MAJORITY Endorsement'),
          },
          Capabilities: { V2_5: true },
        },
      },
    },
  });
}

interface Policy {
  readonly Type: 'ImplicitMeta' | 'Signature';
  readonly Rule: string;
}

function policies(readers: Policy, writers: Policy): Readonly<Record<string, Policy>> {
  return { Readers: readers, Writers: writers, Admins: implicit('MAJORITY Admins') };
}

function implicit(rule: string): Policy {
  return { Type: 'ImplicitMeta', Rule: rule };
}

function anyMember(mspIds: readonly string[], role = 'member'): Policy {
  return { Type: 'Signature', Rule: `OR(${mspIds.map((mspId) => `'${mspId}.${role}'`).join(',')})` };
}

function applicationOrganisation({ mspId, folder, nodes }: OrganisationPlan): object {
  const [anchor] = nodes;
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: join(folder, 'msp'),
    AnchorPeers: anchor === undefined ? [] : [{ Host: hostOf(anchor), Port: anchor.port }],
    Policies: {
      Readers: anyMember([mspId]),
      Writers: anyMember([mspId]),
      Admins: anyMember([mspId], 'admin'),
      Endorsement: anyMember([mspId], 'peer'),
    },
  };
}

function orderingOrganisation({ mspId, folder, nodes }: OrganisationPlan): object {
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: join(folder, 'msp'),
    OrdererEndpoints: nodes.map(({ address }) => address),
    Policies: {
      Readers: anyMember([mspId]),
      Writers: anyMember([mspId]),
      Admins: anyMember([mspId], 'admin'),
    },
  };
}

function consenter({ consenterId, mspId, msp, tls, ...node }: OrdererPlan): object {
  return {
    ID: consenterId,
    Host: hostOf(node),
    Port: node.port,
    MSPID: mspId,
    Identity: msp.certificateFile,
    ClientTLSCert: tls.certificateFile,
    ServerTLSCert: tls.certificateFile,
  };
}

/** Where others reach a node; it may listen on more addresses than that. */
function hostOf({ address }: Pick<NodePlan, 'address'>): string {
  return address.slice(0, address.lastIndexOf(':'));
}

/** A leader that dies is replaced after `RequestForwardTimeout` and `RequestComplainTimeout`. */
function smartBft(intervalMs: number): object {
  return {
    RequestBatchMaxInterval: `${intervalMs}ms`,
    RequestForwardTimeout: '2s',
    RequestComplainTimeout: '5s',
    RequestAutoRemoveTimeout: '3m0s',
    ViewChangeResendInterval: '5s',
    ViewChangeTimeout: '20s',
    LeaderHeartbeatTimeout: '10s',
    LeaderHeartbeatCount: 10,
    CollectTimeout: '1s',
    IncomingMessageBufferSize: 200,
    RequestPoolSize: 100_000,
  };
}
