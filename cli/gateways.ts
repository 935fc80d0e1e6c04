import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { writeAtomically, readIfThere } from '../network/manager/atomic-file.js';
import { withFolderLock } from '../network/manager/folder-lock.js';
import { ManagedProcess } from '../network/manager/managed-process.js';
import { ManagerError } from '../network/manager/manager-error.js';
import { memoryParameters } from '../network/manager/memory-limits.js';
import { packageRoot } from '../network/manager/package-root.js';
import { retiredFolder } from '../network/manager/retired-folder.js';
import { pollFor } from '../network/manager/poll.js';
import { allocatePorts } from '../network/manager/ports.js';
import { type DataFolder } from './data-folder.js';
import { withSettings } from './gateway-settings.js';
import { issuerFiles, TOKEN_AUDIENCE, TOKEN_ISSUER } from './issuer.js';
import { type OrganisationUsers } from './users.js';

/** A gateway that runs: one per organisation, all in one process to save memory. */
export interface GatewayAddress {
  /** The organisation's short name. */
  readonly name: string;
  readonly mspId: string;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
}

/** What of a topology the gateways need. */
export interface GatewayTopology {
  readonly organisations: readonly OrganisationUsers[];
  readonly channel: { readonly name: string };
  readonly chaincodes: readonly { readonly name: string }[];
}

/** User of each organisation whose certificate reads for the public and follows the blocks; it has no role. */
export const SERVICE_USER = 'gateway';

/** Milliseconds for the process to listen, then for its gateways to reach their peers and be configured. */
const startMs = 30_000;
const readyMs = 60_000;
/** Milliseconds between two questions whether a gateway is ready: fewer than it answers in a minute. */
const askEveryMs = 150;

/**
 * Writes a config file for each organisation's gateway and starts them, unless they run for all of them. They are ready when each
 * reaches its peer and the consortium is configured.
 * @throws PROCESS_FAILED, PROCESS_TIMEOUT, PORTS_EXHAUSTED
 */
export async function startGateways(folder: DataFolder, topology: GatewayTopology): Promise<GatewayAddress[]> {
  return await withFolderLock(folder.run, async () => {
    const running = readGateways(folder);
    const serves = (name: string): boolean => running?.some((gateway) => gateway.name === name) === true;
    if (running !== undefined && topology.organisations.every(({ name }) => serves(name))) return running;
    await gatewayProcess(folder).stop(); // An organisation was added since they were started.
    const files = await writeConfigs(folder, topology);
    const { ready } = await gatewayProcess(folder, files).start(startMs);
    const addresses = readAddresses(ready, topology.organisations);
    await Promise.all(addresses.map(waitUntilReady));
    writeAtomically(addressFile(folder), JSON.stringify({ gateways: addresses }));
    return addresses;
  });
}

/**
 * Starts the one gateway of an existing network; that network need not answer yet.
 * @throws PROCESS_FAILED, PROCESS_TIMEOUT
 */
export async function startOneGateway(
  folder: DataFolder,
  { name, mspId, configFile }: { readonly name: string; readonly mspId: string; readonly configFile: string },
): Promise<GatewayAddress> {
  return await withFolderLock(folder.run, async () => {
    await gatewayProcess(folder).stop(); // One of an earlier configuration.
    const { ready } = await gatewayProcess(folder, [configFile]).start(startMs);
    const [address] = readAddresses(ready, [{ name, mspId, domain: '', users: [] }]);
    if (address === undefined) throw new RangeError('one gateway was asked for');
    writeAtomically(addressFile(folder), JSON.stringify({ gateways: [address] }));
    return address;
  });
}

/** The gateways that run, or `undefined` where their process does not, or was killed while it started. */
export function readGateways(folder: DataFolder): GatewayAddress[] | undefined {
  const text = readIfThere(addressFile(folder));
  if (text === undefined || gatewayProcess(folder).pid === undefined) return undefined;
  return (JSON.parse(text) as { gateways: GatewayAddress[] }).gateways; // Written above, in one piece.
}

/** Ends the gateways. @returns whether they ran. */
export async function stopGateways(folder: DataFolder): Promise<boolean> {
  return await withFolderLock(folder.run, () => gatewayProcess(folder).stop());
}

/** The process that holds the gateways. @param configs needed to start it, not to find it. */
export function gatewayProcess(folder: DataFolder, configs: readonly string[] = []): ManagedProcess {
  const root = packageRoot();
  return new ManagedProcess({
    name: 'gateways',
    command: [
      process.execPath,
      ...memoryParameters,
      join(root, 'dist', 'gateway', 'main.js'),
      ...configs.flatMap((file) => ['--config', file]),
    ],
    workingFolder: root,
    runFolder: folder.run,
  });
}

/** Whether a gateway reaches its peer now and follows its blocks closely enough. */
export async function isReady({ url }: Pick<GatewayAddress, 'url'>): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer(); // Leaves no half-read connection behind.
    return response.ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(gateway: GatewayAddress): Promise<void> {
  const ready = await pollFor(readyMs, async () => (await isReady(gateway)) || undefined, askEveryMs);
  if (ready === true) return;
  throw new ManagerError('PROCESS_TIMEOUT', { process: `gateway ${gateway.name}`, timeoutMs: readyMs });
}

async function writeConfigs(folder: DataFolder, topology: GatewayTopology): Promise<string[]> {
  const files = topology.organisations.map(({ name }) => join(folder.gateways, `${name}.json`));
  const kept = files.map(readPort).filter((port) => port !== undefined);
  const ports = await allocatePorts(files.length, `${folder.root} gateways`, kept);
  for (const [index, file] of files.entries()) {
    const config = withSettings(gatewayConfig(folder, topology, index, ports[index] ?? 0), file);
    writeAtomically(file, `${JSON.stringify(config, undefined, 2)}\n`);
  }
  return files;
}

function readPort(file: string): number | undefined {
  const text = readIfThere(file);
  return text === undefined ? undefined : (JSON.parse(text) as { listen: { port: number } }).listen.port;
}

/** One gateway's config in the form of `gateway/config.ts`. */
function gatewayConfig(folder: DataFolder, topology: GatewayTopology, index: number, port: number): object {
  const { organisations, channel, chaincodes } = topology;
  const organisation = organisations[index];
  if (organisation === undefined) throw new RangeError('a gateway is of an organisation of the topology');
  const { name, mspId, domain, users } = organisation;
  const material = join(folder.crypto, 'peerOrganizations', domain);
  const admin = users.find(({ attributes }) => attributes['yz.role'] === 'admin');
  const members = organisations.map((each) => each.mspId);
  const { jwksFile, keyFile: developmentKeyFile } = issuerFiles(folder.issuer);
  return {
    name,
    mspId,
    listen: { host: '127.0.0.1', port },
    connectionProfile: join(material, `connection-${name}.json`),
    channel: channel.name,
    chaincode: chaincodes[0]?.name,
    users: join(material, 'users'),
    serviceUser: `${SERVICE_USER}@${domain}`,
    database: join(folder.gateways, `${name}.sqlite`),
    receipts: {
      database: join(folder.root, 'receipts', `${name}.sqlite`),
      identities: organisations.flatMap((each) => signersOf(folder, each)),
    },
    outbox: { database: join(folder.root, 'outbox', `${name}.sqlite`) },
    pages: join(packageRoot(), 'dist', 'web'),
    titles: Object.fromEntries(
      organisations.flatMap((each) => (each.title === undefined ? [] : [[each.mspId, each.title]])),
    ),
    issuer: { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, jwksFile, developmentKeyFile },
    // One gateway is enough to tell the contracts who the members are, once.
    ...(index > 0 || admin === undefined ? {} : { bootstrap: { user: `${admin.name}@${domain}`, members } }),
  };
}

/** Certificates of an organisation's peers and of its gateway, which receipts name. All are in cryptogen's layout. */
function signersOf(folder: DataFolder, { mspId, domain }: OrganisationUsers): object[] {
  const material = join(folder.crypto, 'peerOrganizations', domain);
  const peers = readdirSync(join(material, 'peers')).map((name) => join(material, 'peers', name));
  const members = [...peers, join(material, 'users', `${SERVICE_USER}@${domain}`)];
  const present = members.map((member) => join(member, 'msp', 'signcerts', `${basename(member)}-cert.pem`));
  const retired = retiredFolder({ folder: material }); // What renewed peers signed before is still to be verified.
  const before = existsSync(retired) ? readdirSync(retired).map((name) => join(retired, name)) : [];
  return [...present, ...before].map((certificate) => ({ mspId, certificate }));
}

function readAddresses(
  ready: Readonly<Record<string, unknown>>,
  organisations: readonly OrganisationUsers[],
): GatewayAddress[] {
  const listed = (ready.gateways ?? []) as readonly { readonly name: string; readonly url: string }[];
  return organisations.map(({ name, mspId }) => {
    const url = listed.find((each) => each.name === name)?.url;
    if (url === undefined)
      throw new ManagerError('PROCESS_FAILED', { process: 'gateways', reason: `none for ${name}` });
    return { name, mspId, url: url.replace(/\/$/, '') };
  });
}

function addressFile(folder: DataFolder): string {
  return join(folder.run, 'gateways.json');
}
