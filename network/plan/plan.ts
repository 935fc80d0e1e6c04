import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { authorityListeners, type AuthorityPlan, planAuthorities } from './authorities.js';
import { type ChannelPlan, planChannels } from './channel-plan.js';
import { channelsOf, circlesOf } from './channel-members.js';
import { type Topology } from './topology.js';

/** All listeners are on this address: an embedded network is never reachable from another machine. */
export const loopback = '127.0.0.1';

/** Files of one signing identity or TLS end, all PEM. */
export interface KeyFiles {
  readonly certificateFile: string;
  /** PKCS #8, readable by its owner only. */
  readonly privateKeyFile: string;
  /** The certificate of the authority that issued `certificateFile`. */
  readonly caFile: string;
}

/** A person or program of an organisation, or one of its nodes, as cryptogen lays it out. */
export interface MemberPlan {
  /** `officer@chongqing.example`, `peer0.chongqing.example`: the certificate's common name and the folder's name. */
  readonly id: string;
  /** `officer`, `peer0`. */
  readonly name: string;
  readonly role: 'client' | 'admin' | 'peer' | 'orderer';
  /** Goes into the certificate's attribute extension. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly msp: KeyFiles;
  readonly tls: KeyFiles;
}

/** A peer or orderer: a member that listens. Its `id` is its TLS host name. */
export interface NodePlan extends MemberPlan {
  readonly host: string;
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  /** On the first channel; see `ChannelPlan` for the others. */
  readonly ledgerFolder: string;
}

/** An organisation and where its material lies. */
export interface OrganisationPlan {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  /** `…/peerOrganizations/<domain>` or `…/ordererOrganizations/<domain>`. */
  readonly folder: string;
  /** Signing authority and TLS authority: certificate and key. */
  readonly ca: AuthorityFiles;
  readonly tlsCa: AuthorityFiles;
  readonly nodes: readonly NodePlan[];
  /** The organisation's administrator (role `admin`) is always among them. */
  readonly users: readonly MemberPlan[];
}

/** Where a certification authority's certificate and key lie; `name` is its common name. */
export interface AuthorityFiles {
  readonly name: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

/** An endorsing organisation; gateway clients read its connection profile. */
export interface PeerOrganisationPlan extends OrganisationPlan {
  readonly connectionProfileFile: string;
}

/** One chaincode server process. */
export interface ChaincodeServerPlan {
  /** Names its log and pid files. */
  readonly name: string;
  /** The organisations whose peers it serves. */
  readonly mspIds: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly command: readonly string[];
  /** Working folder of the command; the network process's own where it is left out. */
  readonly folder?: string;
  /** Its TLS end. Both sides show certificates: only the peers that it serves may connect. */
  readonly tls: KeyFiles;
  /** The TLS authorities of the organisations that it serves, one PEM file: who may connect. */
  readonly clientCaFile: string;
  /** What fabric-shim's server reads: address, id, TLS files, and its organisation when it serves one only. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly pidFile: string;
}

/** A chaincode with its definition, the channels that it is defined on, and its server processes. */
export type ChaincodePlan = Omit<Topology['chaincodes'][number], 'channels'> & {
  readonly channels: readonly string[];
  /** `<name>_<version>:<hash>`, shaped like the package id of a real installation. */
  readonly packageId: string;
  readonly servers: readonly ChaincodeServerPlan[];
};

/** Every path, port and host name of one network. Made by `planNetwork`; nothing of it need exist yet. */
export interface NetworkPlan {
  readonly folder: string;
  readonly cryptoFolder: string;
  readonly genesisFile: string;
  /** The first channel: what a client is to use that names none. */
  readonly channel: Topology['channel'];
  readonly channels: readonly ChannelPlan[];
  readonly organisations: readonly PeerOrganisationPlan[];
  readonly orderer: OrganisationPlan;
  readonly chaincodes: readonly ChaincodePlan[];
  readonly runtimeParams: Topology['runtimeParams'];
  /** The organisations' certification authorities, as they answer on the wire. */
  readonly authorities: readonly AuthorityPlan[];
  readonly limits: Topology['limits'];
}

/** A listener that a topology asks for, with the port that it fixes; `undefined` where any free one will do. */
export interface WantedListener {
  readonly name: string;
  readonly port: number | undefined;
}

/** Each organisation's peers, `peer0.chongqing.example`. */
export function peerListeners({ organisations }: Topology): WantedListener[] {
  return organisations.flatMap(({ domain, peers, ports }) =>
    peerNames(peers).map((name, index) => ({ name: `${name}.${domain}`, port: ports?.[index] })),
  );
}

/** Each chaincode's servers, `chaincode-<name>`. */
export function serverListeners(topology: Topology): WantedListener[] {
  return topology.chaincodes.flatMap((chaincode) =>
    serversOf(chaincode, topology).map(({ name }, index) => ({
      name: `chaincode-${name}`,
      port: chaincode.ports?.[index],
    })),
  );
}

function listeners(topology: Topology): WantedListener[] {
  const { domain, port } = topology.orderer;
  return [
    { name: `orderer0.${domain}`, port },
    ...peerListeners(topology),
    ...serverListeners(topology),
    ...authorityListeners(topology),
  ];
}

/**
 * Names every listener of a network, in the order in which `planNetwork` wants their ports:
 * the orderer, each organisation's peers, each chaincode's servers, each organisation's authority.
 */
export function listenerNames(topology: Topology): string[] {
  return listeners(topology).map(({ name }) => name);
}

/** The port that a topology fixes for each of `listenerNames`, `undefined` where any free one will do. */
export function fixedPorts(topology: Topology): (number | undefined)[] {
  return listeners(topology).map(({ port }) => port);
}

/** The port of each listener of a plan, by the name that `listenerNames` gives it. */
export function portsByListener({
  orderer,
  organisations,
  chaincodes,
  authorities = [], // Plans of before had none.
}: Omit<NetworkPlan, 'authorities'> & Partial<Pick<NetworkPlan, 'authorities'>>): ReadonlyMap<string, number> {
  const nodes = [orderer, ...organisations].flatMap((organisation) => organisation.nodes);
  const servers = chaincodes.flatMap((chaincode) => chaincode.servers);
  return new Map([
    ...nodes.map(({ id, port }) => [id, port] as const),
    ...servers.map(({ name, port }) => [`chaincode-${name}`, port] as const),
    ...authorities.map(({ name, port }) => [name, port] as const),
  ]);
}

/**
 * Decides where everything of a network lies and listens. Pure: reads and writes nothing.
 * @param ports one TCP port for each name of `listenerNames`, in that order. @param folder the network's data folder.
 * @throws RangeError when there are not as many ports as listeners: a mistake of the caller
 */
export function planNetwork(topology: Topology, ports: readonly number[], folder: string): NetworkPlan {
  const names = listenerNames(topology);
  if (ports.length !== names.length) throw new RangeError(`${names.length} ports wanted, ${ports.length} given`);
  const portOf = new Map(names.map((name, index) => [name, ports[index] ?? 0]));
  const place: Place = { folder, cryptoFolder: join(folder, 'crypto'), portOf: (name) => portOf.get(name) ?? 0 };
  return {
    folder,
    cryptoFolder: place.cryptoFolder,
    genesisFile: join(folder, 'ledgers', 'genesis.block'),
    channel: topology.channel,
    channels: planChannels(topology, folder),
    organisations: topology.organisations.map((each) => planPeerOrganisation(each, place)),
    orderer: planOrderers(topology.orderer, ['orderer0'], place),
    chaincodes: topology.chaincodes.map((each) => planChaincode(each, topology, place, shapedPackageId)),
    runtimeParams: topology.runtimeParams,
    authorities: planAuthorities(topology, place),
    limits: topology.limits,
  };
}

/** What places and listeners depend on. */
export interface Place {
  readonly folder: string;
  readonly cryptoFolder: string;
  readonly portOf: (listener: string) => number;
}

/** Where an endorsing organisation's material and peers are. */
export function planPeerOrganisation(
  organisation: Topology['organisations'][number],
  place: Place,
): PeerOrganisationPlan {
  const { mspId, name, domain } = organisation;
  const folder = join(place.cryptoFolder, 'peerOrganizations', domain);
  const nodes = peerNames(organisation.peers).map((peer) =>
    planNode({ name: peer, role: 'peer', folder: join(folder, 'peers'), domain }, place),
  );
  return {
    ...planOrganisation(folder, { mspId, name, domain }),
    nodes,
    users: withAdmin(organisation.users).map((user) => planUser(folder, domain, user)),
    connectionProfileFile: join(folder, `connection-${name}.json`),
  };
}

/** What names an organisation. */
export type OrganisationNames = Pick<OrganisationPlan, 'mspId' | 'name' | 'domain'>;

/** Where an ordering organisation's material and its orderers are. @param orderers `orderer0`, … */
export function planOrderers(
  { mspId, name, domain }: OrganisationNames,
  orderers: readonly string[],
  place: Place,
): OrganisationPlan {
  const folder = join(place.cryptoFolder, 'ordererOrganizations', domain);
  const nodes = orderers.map((orderer) =>
    planNode({ name: orderer, role: 'orderer', folder: join(folder, 'orderers'), domain }, place),
  );
  return {
    ...planOrganisation(folder, { mspId, name, domain }),
    nodes,
    users: withAdmin([]).map((user) => planUser(folder, domain, user)),
  };
}

function planOrganisation(folder: string, { mspId, name, domain }: OrganisationNames) {
  return {
    mspId,
    name,
    domain,
    folder,
    ca: authority(join(folder, 'ca'), `ca.${domain}`),
    tlsCa: authority(join(folder, 'tlsca'), `tlsca.${domain}`),
  };
}

function authority(folder: string, name: string): AuthorityFiles {
  return { name, certificateFile: join(folder, `${name}-cert.pem`), privateKeyFile: join(folder, 'priv_sk') };
}

interface NodeRequest {
  readonly name: string;
  readonly role: 'peer' | 'orderer';
  readonly folder: string;
  readonly domain: string;
}

function planNode({ name, role, folder, domain }: NodeRequest, place: Place): NodePlan {
  const id = `${name}.${domain}`;
  const port = place.portOf(id);
  return {
    ...planMember({ id, name, role, attributes: {}, folder: join(folder, id), domain, tlsName: 'server' }),
    host: loopback,
    port,
    address: `${loopback}:${port}`,
    ledgerFolder: join(place.folder, 'ledgers', id),
  };
}

type User = Topology['organisations'][number]['users'][number];

function planUser(folder: string, domain: string, { name, attributes }: User): MemberPlan {
  const id = `${name}@${domain}`;
  const role = isAdminName(name) ? 'admin' : 'client';
  return planMember({ id, name, role, attributes, folder: join(folder, 'users', id), domain, tlsName: 'client' });
}

/** Every organisation has an administrator: the user of that name, or one that is added. */
function withAdmin(users: readonly User[]): readonly User[] {
  return users.some(({ name }) => isAdminName(name)) ? users : [...users, { name: 'Admin', attributes: {} }];
}

function isAdminName(name: string): boolean {
  return name.toLowerCase() === 'admin';
}

interface MemberRequest extends Pick<MemberPlan, 'id' | 'name' | 'role' | 'attributes' | 'folder'> {
  readonly domain: string;
  readonly tlsName: 'server' | 'client';
}

/** The files inside a member's folder, named as cryptogen names them. Source: Fabric internal/cryptogen/msp/msp.go. */
function planMember({ id, name, role, attributes, folder, domain, tlsName }: MemberRequest): MemberPlan {
  return {
    id,
    name,
    role,
    attributes,
    folder,
    msp: {
      certificateFile: join(folder, 'msp', 'signcerts', `${id}-cert.pem`),
      privateKeyFile: join(folder, 'msp', 'keystore', 'priv_sk'),
      caFile: join(folder, 'msp', 'cacerts', `ca.${domain}-cert.pem`),
    },
    tls: {
      certificateFile: join(folder, 'tls', `${tlsName}.crt`),
      privateKeyFile: join(folder, 'tls', `${tlsName}.key`),
      caFile: join(folder, 'tls', 'ca.crt'),
    },
  };
}

function peerNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `peer${index}`);
}

/** One server for all organisations of its channels, or one for each. */
function serversOf(chaincode: Topology['chaincodes'][number], topology: Topology) {
  const { name, perOrganisation } = chaincode;
  const circle = circlesOf(chaincode, topology).flat();
  const organisations = topology.organisations.filter(({ mspId }) => circle.includes(mspId));
  if (!perOrganisation) return [{ name, mspIds: organisations.map(({ mspId }) => mspId) }];
  return organisations.map((each) => ({ name: `${name}.${each.name}`, mspIds: [each.mspId] }));
}

/** A package id as the embedded network gives it: shaped like one of a real installation, which it has none of. */
function shapedPackageId({ name, version }: Topology['chaincodes'][number]): string {
  const label = `${name}_${version}`;
  return `${label}:${createHash('sha256').update(label).digest('hex')}`;
}

/** A chaincode with its servers. @param packageIdOf the id that peers know its package by */
export function planChaincode(
  chaincode: Topology['chaincodes'][number],
  topology: Topology,
  place: Place,
  packageIdOf: (chaincode: Topology['chaincodes'][number]) => string,
): ChaincodePlan {
  const packageId = packageIdOf(chaincode);
  const servers = serversOf(chaincode, topology).map(({ name, mspIds }) => {
    const listener = `chaincode-${name}`;
    const port = place.portOf(listener);
    const address = `${loopback}:${port}`;
    const [mspId = ''] = mspIds;
    const folder = join(place.cryptoFolder, 'chaincodes', name);
    const tls = {
      certificateFile: join(folder, 'server.crt'),
      privateKeyFile: join(folder, 'server.key'),
      caFile: join(folder, 'ca.crt'),
    };
    const clientCaFile = join(folder, 'clients-ca.crt');
    return {
      name,
      mspIds,
      host: loopback,
      port,
      address,
      tls,
      clientCaFile,
      command: chaincode.command,
      ...(chaincode.folder === undefined ? {} : { folder: chaincode.folder }),
      environment: {
        CHAINCODE_SERVER_ADDRESS: address,
        CHAINCODE_ID: packageId,
        // The same again for `fabric-chaincode-node server`, which reads its options from CORE_ variables.
        CORE_CHAINCODE_ADDRESS: address,
        CORE_CHAINCODE_ID: packageId,
        CORE_CHAINCODE_TLS_CERT_FILE: tls.certificateFile,
        CORE_CHAINCODE_TLS_KEY_FILE: tls.privateKeyFile,
        CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: clientCaFile,
        ...(chaincode.perOrganisation ? { CORE_PEER_LOCALMSPID: mspId } : {}),
      },
      logFile: join(place.folder, 'run', `${listener}.log`),
      pidFile: join(place.folder, 'run', `${listener}.pid`),
    };
  });
  return { ...chaincode, channels: channelsOf(chaincode, topology), packageId, servers };
}
