import { join } from 'node:path';

import { packageChaincodeService } from '../fabric/chaincode-package.js';
import {
  type ChaincodePlan,
  loopback,
  type NetworkPlan,
  type NodePlan,
  type OrganisationNames,
  type OrganisationPlan,
  peerListeners,
  type PeerOrganisationPlan,
  type Place,
  planChaincode,
  planOrderers,
  planPeerOrganisation,
  serverListeners,
  type WantedListener,
} from './plan.js';
import { TopologyError } from './errors.js';
import { consentersMin } from './quorum.js';
import { type Topology } from './topology.js';

/** One process of Fabric's own programs: its configuration and where it writes. */
interface ProgramPlan {
  /** Holds `core.yaml` or `orderer.yaml`. */
  readonly configFolder: string;
  readonly logFile: string;
  readonly pidFile: string;
}

/** An `orderer` process. */
export interface OrdererPlan extends NodePlan, ProgramPlan {
  readonly mspId: string;
  /** Its number among the consenters of the channel, from 1. */
  readonly consenterId: number;
  readonly adminPort: number;
  /** Where it takes `osnadmin`'s calls. */
  readonly adminAddress: string;
}

/** A `peer` process. */
export interface FabricPeerPlan extends NodePlan, ProgramPlan {
  readonly mspId: string;
  /** Where it would take chaincodes that call their peer; ours are called, but Fabric always listens. */
  readonly chaincodePort: number;
  /** The address of what its own machine alone calls: that port. */
  readonly localHost: string;
  readonly runtimeParams: NetworkPlan['runtimeParams'];
  readonly limits: Topology['limits'];
}

/** Every path, port and host name of a network of Fabric's own programs on one machine. */
export interface FabricPlan extends Pick<
  NetworkPlan,
  'folder' | 'cryptoFolder' | 'genesisFile' | 'channel' | 'organisations'
> {
  readonly engine: 'fabric';
  readonly orderingOrganisations: readonly OrganisationPlan[];
  readonly orderers: readonly OrdererPlan[];
  readonly peers: readonly FabricPeerPlan[];
  readonly chaincodes: readonly ChaincodePlan[];
  /** `configtx.yaml` lies here. */
  readonly channelFolder: string;
}

/** An orderer's host name and its number among the channel's consenters. */
export type Consenter = NonNullable<Topology['orderer']['consenters']>[number];

/** The consenters that a topology names; else four of them, the fewest that tolerate one, go round the organisations. */
export function consentersOf({ organisations, orderer }: Topology): readonly Consenter[] {
  if (orderer.consenters !== undefined) return orderer.consenters;
  const hosts = organisations.slice(0, consentersMin);
  return hosts
    .flatMap(({ domain }, index) =>
      Array.from(
        { length: Math.ceil((consentersMin - index) / hosts.length) },
        (_, place) => `orderer${place}.orderer.${domain}`,
      ),
    )
    .map((name, index) => ({ name, id: index + 1 }));
}

/** Each organisation that orders has an ordering organisation of its own, so that nobody orders alone. */
function orderingOrganisations(topology: Topology): (OrganisationNames & { readonly orderers: readonly string[] })[] {
  const consenters = consentersOf(topology);
  return topology.organisations.flatMap(({ mspId, name, domain }) => {
    const own = consenters.filter((each) => each.name.endsWith(`.orderer.${domain}`));
    if (own.length === 0) return [];
    const names = {
      mspId: `${mspId.replace(/MSP$/, '')}OrdererMSP`,
      name: `${name}-orderer`,
      domain: `orderer.${domain}`,
    };
    return [{ ...names, orderers: own.map((each) => each.name.slice(0, each.name.indexOf('.'))) }];
  });
}

function listeners(topology: Topology): WantedListener[] {
  const orderers = consentersOf(topology).map(({ name }) => name);
  const peers = peerListeners(topology);
  const anywhere = (name: string) => ({ name, port: undefined });
  return [
    ...orderers.map(anywhere),
    ...orderers.map((name) => anywhere(`admin.${name}`)),
    ...peers,
    ...peers.map(({ name }) => anywhere(`chaincode.${name}`)),
    ...serverListeners(topology),
  ];
}

/** Names every listener, in the order in which `planFabric` wants their ports. */
export function fabricListenerNames(topology: Topology): string[] {
  return listeners(topology).map(({ name }) => name);
}

/**
 * Decides where everything of a network of Fabric's programs lies and listens. Pure.
 * @param ports one TCP port for each name of `fabricListenerNames`, in that order. @param folder the data folder
 * @throws RangeError when there are not as many ports as listeners; TopologyError for several channels
 */
export function planFabric(topology: Topology, ports: readonly number[], folder: string): FabricPlan {
  if (topology.furtherChannels.length > 0 || topology.channel.organisations !== undefined) {
    const wanted = "one channel of all organisations, which is what Fabric's own programs are started with";
    throw new TopologyError([{ path: 'furtherChannels', wanted: `wanted ${wanted}` }]);
  }
  const names = fabricListenerNames(topology);
  if (ports.length !== names.length) throw new RangeError(`${names.length} ports wanted, ${ports.length} given`);
  const portOf = new Map(names.map((name, index) => [name, ports[index] ?? 0]));
  const place: Place = { folder, cryptoFolder: join(folder, 'crypto'), portOf: (name) => portOf.get(name) ?? 0 };
  const organisations = topology.organisations.map((each) => planPeerOrganisation(each, place));
  const ordering = orderingOrganisations(topology).map((each) => planOrderers(each, each.orderers, place));
  return {
    engine: 'fabric',
    folder,
    cryptoFolder: place.cryptoFolder,
    genesisFile: join(folder, 'ledgers', 'genesis.block'),
    channel: topology.channel,
    channelFolder: join(folder, 'config', 'channel'),
    organisations,
    orderingOrganisations: ordering,
    orderers: consentersOf(topology).flatMap((consenter) =>
      ordering.flatMap(({ mspId, nodes }) =>
        nodes
          .filter(({ id }) => id === consenter.name)
          .map((node) => planOrdererProcess(mspId, node, consenter.id, place)),
      ),
    ),
    peers: organisations.flatMap(({ mspId, nodes }) =>
      nodes.map((node) => planPeerProcess(mspId, node, topology, place)),
    ),
    chaincodes: topology.chaincodes.map((each) =>
      planChaincode(each, topology, place, (chaincode) => packageChaincodeService(chaincode).id),
    ),
  };
}

/** The port that a topology fixes for each of `fabricListenerNames`, `undefined` where any free one will do. */
export function fabricFixedPorts(topology: Topology): (number | undefined)[] {
  return listeners(topology).map(({ port }) => port);
}

/** The port of each listener of a plan, by the name that `fabricListenerNames` gives it. */
export function fabricPortsByListener({ orderers, peers, chaincodes }: FabricPlan): ReadonlyMap<string, number> {
  return new Map([
    ...orderers.flatMap(({ id, port, adminPort }) => [[id, port] as const, [`admin.${id}`, adminPort] as const]),
    ...peers.flatMap(({ id, port, chaincodePort }) => [
      [id, port] as const,
      [`chaincode.${id}`, chaincodePort] as const,
    ]),
    ...chaincodes.flatMap(({ servers }) => servers.map(({ name, port }) => [`chaincode-${name}`, port] as const)),
  ]);
}

/**
 * Listeners whose addresses stand in the channel's configuration: orderers as consenters and endpoints, peers as
 * anchors. Elsewhere nobody would find them.
 */
export function fabricPinnedListeners({ orderers, peers }: FabricPlan): string[] {
  return [...orderers, ...peers].map(({ id }) => id);
}

function planOrdererProcess(mspId: string, node: NodePlan, consenterId: number, place: Place): OrdererPlan {
  const adminPort = place.portOf(`admin.${node.id}`);
  return {
    ...node,
    ...programPlan(node.id, place),
    mspId,
    consenterId,
    adminPort,
    adminAddress: `${loopback}:${adminPort}`,
  };
}

function planPeerProcess(
  mspId: string,
  node: NodePlan,
  { runtimeParams, limits }: Topology,
  place: Place,
): FabricPeerPlan {
  return {
    limits,
    ...node,
    ...programPlan(node.id, place),
    mspId,
    chaincodePort: place.portOf(`chaincode.${node.id}`),
    localHost: loopback,
    runtimeParams,
  };
}

function programPlan(id: string, { folder }: Place): ProgramPlan {
  return {
    configFolder: join(folder, 'config', id),
    logFile: join(folder, 'run', `${id}.log`),
    pidFile: join(folder, 'run', `${id}.pid`),
  };
}

/** The organisation of a plan that has this MSP id. @throws RangeError for one that the plan has not */
export function organisationOf(plan: FabricPlan, mspId: string): PeerOrganisationPlan {
  const found = plan.organisations.find((each) => each.mspId === mspId);
  if (found === undefined) throw new RangeError(`the plan has no organisation ${mspId}`);
  return found;
}

/** One peer of each organisation. */
export function firstPeers({ peers, organisations }: FabricPlan): FabricPeerPlan[] {
  return organisations.flatMap(({ mspId }) => peers.find((peer) => peer.mspId === mspId) ?? []);
}
