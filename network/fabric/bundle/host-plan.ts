import {
  fabricListenerNames,
  type FabricPeerPlan,
  type FabricPlan,
  type OrdererPlan,
  planFabric,
} from '../../plan/fabric-plan.js';
import { defaultHost, type Host, type Hosts } from '../../plan/hosts.js';
import {
  type ChaincodeServerPlan,
  type NodePlan,
  type OrganisationPlan,
  type PeerOrganisationPlan,
} from '../../plan/plan.js';
import { type Topology } from '../../plan/topology.js';

/** Everything of a host lies below this folder, in the layout of a data folder. */
export const hostFolder = '/var/lib/yinzheng';
/** Where a host's own copy of the release and of this package are expected. */
export const fabricFolder = '/opt/fabric';
export const packageFolder = '/opt/yinzheng';

/** First ports of each kind on a host; a second node of the kind has the next but nine. */
const firstPorts = { orderer: 7050, peer: 7051, chaincode: 9990, admin: 9443, chaincodeListen: 7052 } as const;
const portStep = 10;

/** One organisation's host: what runs there. Addresses are what every other host must reach it by. */
export interface HostPlan {
  readonly organisation: PeerOrganisationPlan;
  /** The same institution's ordering organisation; absent where it does not order. */
  readonly ordering?: OrganisationPlan;
  readonly host: Host;
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
 * @param hosts addresses, where DNS names and all interfaces will not do
 */
export function planHosts(topology: Topology, hosts: Hosts = {}): HostsPlan {
  const own = { ...topology, chaincodes: topology.chaincodes.map((each) => ({ ...each, perOrganisation: true })) };
  const placeholders = fabricListenerNames(own).map((_, index) => index + 1);
  const local = planFabric(own, placeholders, hostFolder);
  const hostOfMember = ({ mspId }: { readonly mspId: string }): Host => hosts[mspId] ?? defaultHost;
  const orderers = local.orderers.map((node) => {
    const place = placeOf(node.id, local.orderers, node.mspId);
    const adminPort = firstPorts.admin + place;
    const owner = local.organisations.find(({ domain }) => node.id.endsWith(`.orderer.${domain}`));
    const host = owner === undefined ? defaultHost : hostOfMember(owner);
    const away = atHost(node, firstPorts.orderer + place * portStep, host);
    return { ...away, adminPort, adminAddress: `${host.local}:${adminPort}` };
  });
  const peers = local.peers.map((node) => {
    const place = placeOf(node.id, local.peers, node.mspId);
    const chaincodePort = firstPorts.chaincodeListen + place * portStep;
    const host = hostOfMember(node);
    return { ...atHost(node, firstPorts.peer + place * portStep, host), chaincodePort, localHost: host.local };
  });
  const organisations = local.organisations.map((each) => ({ ...each, nodes: nodesOf(each.nodes, peers) }));
  const orderingOrganisations = local.orderingOrganisations.map((each) => ({
    ...each,
    nodes: nodesOf(each.nodes, orderers),
  }));
  const chaincodes = local.chaincodes.map((chaincode, index) => ({
    ...chaincode,
    servers: chaincode.servers.map((server) => {
      const [mspId = ''] = server.mspIds;
      return atPort(server, hostOfMember({ mspId }).local, firstPorts.chaincode + index);
    }),
  }));
  const network = { ...local, organisations, orderingOrganisations, orderers, peers, chaincodes };
  return {
    network,
    hosts: organisations.map((organisation) => hostOf(organisation, hostOfMember(organisation), network)),
  };
}

function hostOf(
  organisation: PeerOrganisationPlan,
  host: Host,
  { orderingOrganisations, orderers, peers, chaincodes }: FabricPlan,
): HostPlan {
  const { mspId, domain } = organisation;
  const ordering = orderingOrganisations.find((each) => each.domain === `orderer.${domain}`);
  return {
    organisation,
    ...(ordering === undefined ? {} : { ordering }),
    host,
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

/** Listens where its host says, and is known by the host's address or its own DNS name. */
function atHost<Node extends NodePlan>(node: Node, port: number, { address = node.id, listen }: Host): Node {
  return { ...node, host: listen, port, address: `${address}:${port}` };
}

function nodesOf(nodes: readonly NodePlan[], moved: readonly NodePlan[]): NodePlan[] {
  return nodes.map((node) => moved.find(({ id }) => id === node.id) ?? node);
}

/** A chaincode's server is for the peers of its own host alone. */
function atPort(server: ChaincodeServerPlan, host: string, port: number): ChaincodeServerPlan {
  const address = `${host}:${port}`;
  const environment = { ...server.environment, CHAINCODE_SERVER_ADDRESS: address, CORE_CHAINCODE_ADDRESS: address };
  return { ...server, host, port, address, environment };
}
