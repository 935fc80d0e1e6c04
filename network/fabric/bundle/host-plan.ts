import {
  fabricListenerNames,
  type FabricPeerPlan,
  type FabricPlan,
  type OrdererPlan,
  planFabric,
} from '../../plan/fabric-plan.js';
import { type ChaincodeServerPlan, type NodePlan, type PeerOrganisationPlan } from '../../plan/plan.js';
import { type Topology } from '../../plan/topology.js';

/** Everything of a host lies below this folder, in the layout of a data folder. */
export const hostFolder = '/var/lib/yinzheng';
/** Where a host's own copy of the release and of this package are expected. */
export const fabricFolder = '/opt/fabric';
export const packageFolder = '/opt/yinzheng';

/** First ports of each kind on a host; a second node of the kind has the next but nine. */
const firstPorts = { orderer: 7050, peer: 7051, chaincode: 9990, admin: 9443, chaincodeListen: 7052 } as const;
const portStep = 10;
const everyAddress = '0.0.0.0';

/** One organisation's host: what runs there. Addresses are DNS names that every other host must resolve. */
export interface HostPlan {
  readonly organisation: PeerOrganisationPlan;
  readonly orderers: readonly OrdererPlan[];
  readonly peers: readonly FabricPeerPlan[];
  readonly servers: readonly (ChaincodeServerPlan & { readonly chaincode: string; readonly packageId: string })[];
}

/** A network over several machines: one host for each organisation of the topology. */
export interface HostsPlan {
  /** The channel as all hosts must configure it. */
  readonly network: FabricPlan;
  readonly hosts: readonly HostPlan[];
}

/**
 * Plans a topology for one host per organisation. Every chaincode has a server on every host, because an organisation
 * that runs another's contract code trusts it. Pure.
 */
export function planHosts(topology: Topology): HostsPlan {
  const own = { ...topology, chaincodes: topology.chaincodes.map((each) => ({ ...each, perOrganisation: true })) };
  const placeholders = fabricListenerNames(own).map((_, index) => index + 1);
  const local = planFabric(own, placeholders, hostFolder);
  const orderers = local.orderers.map((node) => {
    const place = placeOf(node.id, local.orderers, node.mspId);
    const adminPort = firstPorts.admin + place;
    const away = atHost(node, firstPorts.orderer + place * portStep);
    return { ...away, adminPort, adminAddress: `127.0.0.1:${adminPort}` };
  });
  const peers = local.peers.map((node) => {
    const place = placeOf(node.id, local.peers, node.mspId);
    const chaincodePort = firstPorts.chaincodeListen + place * portStep;
    return { ...atHost(node, firstPorts.peer + place * portStep), chaincodePort };
  });
  const organisations = local.organisations.map((each) => ({ ...each, nodes: nodesOf(each.nodes, peers) }));
  const orderingOrganisations = local.orderingOrganisations.map((each) => ({
    ...each,
    nodes: nodesOf(each.nodes, orderers),
  }));
  const chaincodes = local.chaincodes.map((chaincode, index) => ({
    ...chaincode,
    servers: chaincode.servers.map((server) => atPort(server, firstPorts.chaincode + index)),
  }));
  const network = { ...local, organisations, orderingOrganisations, orderers, peers, chaincodes };
  return { network, hosts: organisations.map((organisation) => hostOf(organisation, network)) };
}

function hostOf(organisation: PeerOrganisationPlan, { orderers, peers, chaincodes }: FabricPlan): HostPlan {
  const { mspId, domain } = organisation;
  return {
    organisation,
    orderers: orderers.filter(({ id }) => id.endsWith(`.orderer.${domain}`)),
    peers: peers.filter((peer) => peer.mspId === mspId),
    servers: chaincodes.flatMap(({ name, packageId, servers }) =>
      servers
        .filter(({ mspIds }) => mspIds.includes(mspId))
        .map((server) => ({ ...server, chaincode: name, packageId })),
    ),
  };
}

/** The how-manieth of its organisation a node is. */
function placeOf(id: string, nodes: readonly { readonly id: string; readonly mspId: string }[], mspId: string): number {
  return nodes.filter((each) => each.mspId === mspId).findIndex((each) => each.id === id);
}

/** Listens on every address of its host, and is known by its DNS name. */
function atHost<Node extends NodePlan>(node: Node, port: number): Node {
  return { ...node, host: everyAddress, port, address: `${node.id}:${port}` };
}

function nodesOf(nodes: readonly NodePlan[], moved: readonly NodePlan[]): NodePlan[] {
  return nodes.map((node) => moved.find(({ id }) => id === node.id) ?? node);
}

/** A chaincode's server is for the peers of its own host alone. */
function atPort(server: ChaincodeServerPlan, port: number): ChaincodeServerPlan {
  const address = `127.0.0.1:${port}`;
  const environment = { ...server.environment, CHAINCODE_SERVER_ADDRESS: address, CORE_CHAINCODE_ADDRESS: address };
  return { ...server, host: '127.0.0.1', port, address, environment };
}
