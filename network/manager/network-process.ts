import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { writeAtomically } from './atomic-file.js';
import { type NetworkChange } from './network-change.js';
import { type NetworkAddresses } from './network.js';
import { serveCommands } from './serve-commands.js';

/** What both engines put into a plan and this process needs of it. */
type CommonPlan = Pick<NetworkPlan, 'channel' | 'organisations' | 'chaincodes'> &
  Partial<Pick<NetworkPlan, 'authorities' | 'channels'>> & {
    readonly orderers?: readonly Pick<NodePlan, 'id' | 'address'>[];
  };

/** A network that runs in this process or is kept by it, as its operator sees it. */
export interface OperatedNetwork<Plan extends CommonPlan> {
  /** What runs, with the chaincodes that were deployed since the start. */
  readonly plan: Plan;
  /** As the channel's configuration names it. */
  readonly consensusType: string;
  /** Names of the peers that run. */
  readonly runningPeers: ReadonlySet<string>;
  /** Stops one node as if its machine had been switched off. */
  stopPeer(name: string): Promise<void>;
  startPeer(name: string): Promise<void>;
  /** Takes over the chaincodes of another plan of the same network. */
  deploy(plan: Plan): Promise<void>;
  /** Becomes what another plan says of organisations and nodes, by one change. */
  change(plan: Plan, change: NetworkChange): Promise<void>;
  close(): Promise<void>;
}

/** What a network tells its process. */
export interface ProcessHooks<Plan extends CommonPlan> {
  readonly nowMs: () => number;
  /** Something broke that no caller was told of. */
  readonly onBug: (error: unknown) => void;
  /** A step of the start that is done, one short line. */
  readonly onProgress: (done: string) => void;
  /** What runs has changed. */
  readonly onChange: (network: OperatedNetwork<Plan>) => void;
}

/** How long an orderly end may take before the process ends anyway, milliseconds. */
const closeTimeoutMs = 10_000;

// Ledgers, journals and logs are for whoever runs this alone, also those that libraries and other programs write.
process.umask(0o077);

const startedMs = Date.now();

/**
 * The life of a network's process: `main --data DIR`, where `DIR/plan.json` says what to run. Writes `run/network.json`
 * and one JSON line with `ready` when everything answers, and lines with `step` before; carries out an operator's
 * command on SIGHUP; ends in order on SIGTERM and SIGINT. A failed start is one JSON line on stderr and exit code 1.
 */
export function runNetworkProcess<Plan extends CommonPlan>(
  start: (plan: Plan, hooks: ProcessHooks<Plan>) => Promise<OperatedNetwork<Plan>>,
): void {
  run(start).catch((error: unknown) => {
    const code = (error as { code?: unknown }).code;
    const message = error instanceof Error ? error.message : String(error);
    const failure = { error: { code: typeof code === 'string' ? code : 'NETWORK_START_FAILED', message } };
    process.stderr.write(`${JSON.stringify(failure)}\n`);
    process.exit(1);
  });
}

async function run<Plan extends CommonPlan>(start: Parameters<typeof runNetworkProcess<Plan>>[0]): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string', default: '.yinzheng' } } });
  const folder = resolve(values.data);
  const readPlan = () => JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan; // The manager wrote it.
  const network = await start(readPlan(), {
    onBug: reportBug,
    nowMs: Date.now,
    onProgress: (step) => process.stdout.write(`${JSON.stringify({ step, ms: Date.now() - startedMs })}\n`),
    onChange: (changed) => {
      writeAddresses(folder, changed);
    },
  });
  serveCommands(network, { folder, readPlan, onBug: reportBug });
  const addresses = writeAddresses(folder, network);
  process.stdout.write(`${JSON.stringify({ ready: true, ...addresses, startMs: Date.now() - startedMs })}\n`);
  const end = () => {
    setTimeout(() => process.exit(1), closeTimeoutMs).unref();
    network.close().then(
      () => process.exit(0),
      (error: unknown) => {
        reportBug(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function writeAddresses(folder: string, network: OperatedNetwork<CommonPlan>): NetworkAddresses {
  const addresses = describe(network);
  writeAtomically(join(folder, 'run', 'network.json'), `${JSON.stringify(addresses, undefined, 2)}\n`);
  return addresses;
}

function describe({ plan, runningPeers, consensusType }: OperatedNetwork<CommonPlan>): NetworkAddresses {
  const everybody = plan.organisations.map(({ mspId }) => mspId);
  const channels = plan.channels ?? [{ name: plan.channel.name, mspIds: everybody }];
  const told = ({ id, address }: Pick<NodePlan, 'id' | 'address'>) => ({
    name: id,
    address,
    running: runningPeers.has(id),
  });
  return {
    pid: process.pid,
    startedMs,
    channel: plan.channel.name,
    channels: channels.map(({ name, mspIds }) => ({ name, mspIds })),
    consensusType,
    organisations: plan.organisations.map(({ mspId, name, domain, nodes }) => ({
      mspId,
      name,
      domain,
      peers: nodes.map(told),
      ...authorityOf(mspId, plan.authorities),
    })),
    ...(plan.orderers === undefined ? {} : { orderers: plan.orderers.map(told) }),
    chaincodes: plan.chaincodes.map(({ name, version, sequence, channels: on }) => ({
      name,
      version,
      sequence,
      channels: on,
    })),
  };
}

/** Fabric's own programs have none that this process keeps. */
function authorityOf(organisation: string, authorities: NetworkPlan['authorities'] = []) {
  const found = authorities.find(({ mspId }) => mspId === organisation);
  return found === undefined ? {} : { authority: { name: found.name, address: found.address } };
}

/** The log is for operators: a stack, and never a transaction's content. */
function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}
