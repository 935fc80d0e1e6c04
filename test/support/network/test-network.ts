import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, credentials } from '@grpc/grpc-js';
import { parse as parseYaml, stringify as formatYaml } from 'yaml';

import { startConsortium, stopConsortium } from '../../../cli/consortium.js';
import { type DataFolder, dataFolder } from '../../../cli/data-folder.js';
import { type GatewayAddress, readGateways } from '../../../cli/gateways.js';
import { mintToken } from '../../../cli/issuer.js';
import { resolveUser } from '../../../cli/users.js';
import { readStatus, startNetwork, type StartRequest, stopNetwork } from '../../../network/manager/network.js';
import { packageRoot } from '../../../network/manager/package-root.js';
import { type Engine } from '../../../network/manager/plan-file.js';
import { pollFor } from '../../../network/manager/poll.js';
import { parseTopology, type Topology } from '../../../network/plan/topology.js';
import { noteAnswered, readInterfaceLog } from './interface-log.js';
import { PeerConnection } from './peer-connection.js';
import { RestSession } from './rest-session.js';
import { readUserIdentity, type UserIdentity } from './user-identity.js';

/** How long one call of a chaincode may take where the probe runs: scenarios wait for it once, milliseconds. */
export const PROBE_MS_MAX = 5_000;

/** What of the system a test needs. */
export interface TestNetworkOptions {
  /** Also the chaincode of test/support/probe, under the name `probe`. */
  readonly probe?: boolean;
  /** Another topology than the default consortium, YAML or JSON; the options above are then no concern of it. */
  readonly topology?: string;
  /** What runs the network; the embedded network unless told. */
  readonly engine?: Engine;
  /** Also a REST gateway for each organisation, and with them a configured consortium. */
  readonly gateways?: boolean;
}

/** A peer of an organisation of the consortium. */
export interface TestPeer {
  readonly mspId: string;
  /** `peer0.chongqing.example`: also its TLS host name. */
  readonly name: string;
  /** `host:port`. */
  readonly address: string;
  /** Certificate that its TLS certificate was issued under, PEM file. */
  readonly tlsCaFile: string;
}

const TOKEN_SECONDS = 3_600;
const KILL_MS_MAX = 5_000;
/** gRPC's usual pause between two attempts grows to minutes; after a restart tests should not wait for it. */
const RECONNECT_MS_MAX = 500;

/**
 * The real thing in a folder of its own: processes, keys, ledgers, ports. Only `close` removes it, and what a test
 * leaves behind is ended by test/support/global-teardown.cjs. Scenarios ask it for connections and know no more.
 */
export class TestNetwork implements AsyncDisposable {
  readonly folder: DataFolder;
  readonly topology: Topology;
  readonly #options: TestNetworkOptions;
  readonly #clients = new Map<string, Client>();

  private constructor(folder: DataFolder, topologyText: string, options: TestNetworkOptions) {
    this.folder = folder;
    this.topology = parseTopology(topologyText);
    this.#options = options;
  }

  /** Starts everything anew. @throws as `startConsortium` */
  static async start(options: TestNetworkOptions = {}): Promise<TestNetwork> {
    const parent = process.env.YINZHENG_TEST_ROOT ?? tmpdir();
    const folder = dataFolder(await mkdtemp(join(parent, 'network-')));
    const network = new TestNetwork(folder, topologyText(options), options);
    try {
      await network.up();
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  get channel(): string {
    return this.topology.channel.name;
  }

  /** The peers that run. */
  get peers(): readonly TestPeer[] {
    const status = readStatus(this.folder.root);
    if (status.state !== 'up') throw new Error(`the network is ${status.state}`);
    return status.network.organisations.flatMap(({ mspId, domain, peers }) =>
      peers
        .filter(({ running }) => running)
        .map(({ name, address }) => ({
          mspId,
          name,
          address,
          tlsCaFile: join(this.folder.crypto, 'peerOrganizations', domain, 'tlsca', `tlsca.${domain}-cert.pem`),
        })),
    );
  }

  /** Process id of the network. @throws {Error} where it does not run */
  get pid(): number {
    const status = readStatus(this.folder.root);
    if (status.state === 'down') throw new Error('the network is down');
    return status.pid;
  }

  /** Process id of a chaincode's server, as the network last started it. */
  chaincodePid(chaincode: string): number {
    const text = readFileSync(join(this.folder.run, `chaincode-${chaincode}.pid`), 'utf8');
    return (JSON.parse(text) as { pid: number }).pid;
  }

  /** Starts what does not run: the network, and gateways where this test has them. Gateways that run are left alone. */
  async up(): Promise<void> {
    const text = topologyText(this.#options);
    const withGateways = this.#options.gateways === true;
    if (withGateways && readGateways(this.folder) === undefined) await this.#upWithGateways(text);
    else await startNetwork(this.#request(text));
  }

  /** Ends the network in good order; gateways stay. */
  async down(): Promise<void> {
    this.#disconnect();
    await stopNetwork(this.folder.root);
  }

  /** SIGKILL to the network's process, as a power cut would; its chaincode servers and the gateways live on. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    this.#disconnect();
    // A signal takes a moment, and a command in that moment would still find the network.
    await pollFor(KILL_MS_MAX, () => readStatus(this.folder.root).state === 'down' || undefined);
  }

  /** A user's certificate and key. @param user `clerk@chongqing`, or a full name. */
  identityOf(user: string): UserIdentity {
    const { mspId, name } = resolveUser(this.topology.organisations, user);
    return readUserIdentity(this.folder.crypto, mspId, name);
  }

  /** An organisation's administrator. */
  adminOf(mspId: string): UserIdentity {
    const domain = this.topology.organisations.find((each) => each.mspId === mspId)?.domain ?? '';
    return readUserIdentity(this.folder.crypto, mspId, `Admin@${domain}`);
  }

  /** @param mspId whose peer; without it the user's own organisation's. */
  connectAs(user: string, mspId?: string): PeerConnection {
    return this.connectWith(this.identityOf(user), mspId);
  }

  /** As {@link connectAs}, for an identity that the network may not know. */
  connectWith(identity: UserIdentity, mspId: string = identity.mspId): PeerConnection {
    const peer = this.peers.find((each) => each.mspId === mspId);
    if (peer === undefined) throw new Error(`no peer of ${mspId} runs`);
    return new PeerConnection(this.#clientOf(peer), this.channel, identity);
  }

  /** The gateway of an organisation's short name. */
  gateway(organisation: string): GatewayAddress {
    const found = readGateways(this.folder)?.find(({ name }) => name === organisation);
    if (found === undefined) throw new Error(`no gateway of ${organisation} runs`);
    return found;
  }

  /** A user, with a token, at a gateway; without `organisation` the user's own. */
  restAs(user: string, organisation?: string): Promise<RestSession> {
    const { name, organisation: own } = resolveUser(this.topology.organisations, user);
    return this.restWithToken(name, organisation ?? own);
  }

  /** Whoever a token of the development issuer names, known or not. @param user full name */
  async restWithToken(user: string, organisation: string): Promise<RestSession> {
    const { token } = await mintToken(this.folder.issuer, user, TOKEN_SECONDS, Date.now());
    return new RestSession(this.gateway(organisation).url, token);
  }

  /** Anybody, without a token. */
  restAsAnyone(organisation = 'beijing'): RestSession {
    return new RestSession(this.gateway(organisation).url);
  }

  /** Ends and removes everything. @throws {Error} where a gateway gave an answer that the OpenAPI document does not have */
  async close(): Promise<void> {
    this.#disconnect();
    await stopConsortium(this.folder);
    const log = readInterfaceLog(this.folder.run);
    rmSync(this.folder.root, { recursive: true, force: true });
    noteAnswered(log, process.env.YINZHENG_ANSWERED);
    if (log.misfits.length > 0) throw new Error(`answers do not fit gateway/openapi.yaml: ${log.misfits.join('; ')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #request(text: string): StartRequest {
    const { engine } = this.#options;
    return { dataDir: this.folder.root, topologyText: text, ...(engine === undefined ? {} : { engine }) };
  }

  async #upWithGateways(text: string): Promise<void> {
    // The network first, with the test's own topology; the command finds it running and adds issuer and gateways.
    await startNetwork(this.#request(text));
    await startConsortium(this.folder, {}, () => undefined);
  }

  #clientOf({ address, name, tlsCaFile }: TestPeer): Client {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    const client = new Client(address, credentials.createSsl(readFileSync(tlsCaFile)), {
      'grpc.ssl_target_name_override': name,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS_MAX,
    });
    this.#clients.set(address, client);
    return client;
  }

  #disconnect(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

/** The default consortium as users get it, plus what a test asks for. */
function topologyText({ probe = false, topology: other }: TestNetworkOptions): string {
  if (other !== undefined) return other;
  const root = packageRoot();
  const text = readFileSync(join(root, 'cli', 'consortium.yaml'), 'utf8');
  if (!probe) return text;
  const topology = parseYaml(text) as { chaincodes: object[] };
  const any = topology.chaincodes[0] as { endorsement: string };
  const command = ['node', join(root, 'test', 'support', 'probe', 'probe.mts')];
  const collections = probeCollections();
  topology.chaincodes.push({ name: 'probe', version: '1.0.0', endorsement: any.endorsement, command, collections });
  return formatYaml({ ...topology, limits: { executeTimeoutMs: PROBE_MS_MAX } });
}

/** Collections of the probe: two organisations are members, and each collection has one thing of its own. */
function probeCollections(): object[] {
  const policy = "OR('ChongqingMSP.member','ZhejiangMSP.member')";
  const two = { policy, requiredPeerCount: 1, maxPeerCount: 3 };
  return [
    { ...two, name: 'closed', memberOnlyRead: true, memberOnlyWrite: true },
    { ...two, name: 'open' },
    { ...two, name: 'sealed', endorsementPolicy: { signaturePolicy: "AND('ChongqingMSP.peer','ZhejiangMSP.peer')" } },
    { ...two, name: 'fading', blockToLive: 2 },
    { ...two, name: 'wide', requiredPeerCount: 2 },
    { policy, name: 'loose' },
    // Two must endorse by the chaincode's policy, and here only one could with what a client sends to members alone.
    { policy: "OR('ChongqingMSP.member')", name: 'lone' },
  ];
}
