import { join } from 'node:path';

import { packageChaincodeService } from '../fabric/chaincode-package.js';
import {
  type ChaincodePlan,
  loopback,
  type NetworkPlan,
  type NodePlan,
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
import { type Topology } from './topology.js';

/** Four orderers tolerate one that fails or lies: the smallest Byzantine quorum (n = 3f + 1, f = 1). */
const orderersCount = 4;

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
  readonly runtimeParams: NetworkPlan['runtimeParams'];
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

/**
 * The ordering organisations of a topology: each endorsing organisation has one of its own, so that nobody orders
 * alone. Four orderers go round the organisations.
 */
function orderingOrganisations({ organisations }: Topology): readonly (Topology['orderer'] & { count: number })[] {
  const names = organisations.slice(0, orderersCount);
  return names.map(({ mspId, name, domain }, index) => ({
    mspId: `${mspId.replace(/MSP$/, '')}OrdererMSP`,
    name: `${name}-orderer`,
    domain: `orderer.${domain}`,
    count: Math.ceil((orderersCount - index) / names.length),
  }));
}

function listeners(topology: Topology): WantedListener[] {
  const orderers = orderingOrganisations(topology).flatMap(({ domain, count }) =>
    Array.from({ length: count }, (_, index) => `orderer${index}.${domain}`),
  );
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
  const ordering = orderingOrganisations(topology).map((each) => planOrderers(each, each.count, place));
  return {
    engine: 'fabric',
    folder,
    cryptoFolder: place.cryptoFolder,
    genesisFile: join(folder, 'ledgers', 'genesis.block'),
    channel: topology.channel,
    channelFolder: join(folder, 'config', 'channel'),
    organisations,
    orderingOrganisations: ordering,
    orderers: ordering
      .flatMap(({ mspId, nodes }) => nodes.map((node) => ({ mspId, node })))
      .map(({ mspId, node }, index) => planOrdererProcess(mspId, node, index + 1, place)),
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

function planPeerProcess(mspId: string, node: NodePlan, { runtimeParams }: Topology, place: Place): FabricPeerPlan {
  return {
    ...node,
    ...programPlan(node.id, place),
    mspId,
    chaincodePort: place.portOf(`chaincode.${node.id}`),
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
