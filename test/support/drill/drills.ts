import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startPeer, stopPeer } from '../../../network/manager/peers.js';
import { type AnyPlan, type Engine, readPlan } from '../../../network/manager/plan-file.js';
import { pollFor } from '../../../network/manager/poll.js';
import { type FabricPlan } from '../../../network/plan/fabric-plan.js';
import { type TestNetwork } from '../network/test-network.js';
import { type DrillLoad } from './drill-load.js';

/** What a drill works with while the load runs. */
export interface Stage {
  readonly network: TestNetwork;
  readonly load: DrillLoad;
  /** How long the fault lasts, milliseconds. */
  readonly faultMs: number;
}

/** What a drill did: when it was mended, and what it saw that should not be. */
export interface DrillCourse {
  /** Milliseconds since 1970; recovery counts from here. */
  readonly mendedMs: number;
  readonly faults: readonly string[];
  /** Undoes what the drill needed, after all was checked. */
  readonly cleanUp?: () => Promise<void>;
}

/** One fault that a network must bear. */
export interface Drill {
  readonly name: string;
  readonly engines: readonly Engine[];
  /** Why it cannot run on this machine, `undefined` where it can. */
  readonly obstacle?: () => string | undefined;
  readonly run: (stage: Stage) => Promise<DrillCourse>;
}

/** Whose nodes suffer: neither the first organisation nor the last, so that nothing depends on a place in a list. */
const VICTIM = 'GuangdongMSP';
/** From the loss of the quorum on: what was under way before may still be answered. */
const GRACE_MS = 1_000;
const POLL_MS = 60_000;
/** Room beyond what a peer's folder holds already: a few blocks. */
const ROOM_BYTES = 512 * 1024;

const both: readonly Engine[] = ['fabric', 'embedded'];

/** All drills, in the order in which they are run. */
export const DRILLS: readonly Drill[] = [
  { name: 'orderer-killed', engines: ['fabric'], run: killOrderer },
  { name: 'peer-killed', engines: ['fabric'], run: killPeer },
  { name: 'peer-stopped', engines: ['embedded'], run: stopOnePeer },
  { name: 'chaincode-killed', engines: both, run: killChaincode },
  { name: 'quorum-lost', engines: ['fabric'], run: loseQuorum },
  { name: 'partition', engines: ['fabric'], run: partition },
  { name: 'disk-full', engines: both, obstacle: cannotMount, run: fillDisk },
];

async function killOrderer({ network, faultMs }: Stage): Promise<DrillCourse> {
  const [orderer] = fabricPlan(network).orderers;
  await killNode(network, orderer);
  await sleep(faultMs);
  return mend(() => startPeer(network.folder.root, orderer?.id ?? ''));
}

async function killPeer({ network, faultMs }: Stage): Promise<DrillCourse> {
  const peer = fabricPlan(network).peers.find(({ mspId }) => mspId === VICTIM);
  await killNode(network, peer);
  await sleep(faultMs);
  return mend(() => startPeer(network.folder.root, peer?.id ?? ''));
}

async function stopOnePeer({ network, faultMs }: Stage): Promise<DrillCourse> {
  const { id } = peerNode(network);
  await stopPeer(network.folder.root, id);
  await sleep(faultMs);
  return mend(() => startPeer(network.folder.root, id));
}

/** Nobody mends it: whoever keeps the processes starts it again. */
function killChaincode({ network }: Stage): Promise<DrillCourse> {
  process.kill(network.chaincodePid('yinzheng'), 'SIGKILL');
  return Promise.resolve({ mendedMs: Date.now(), faults: [] });
}

/** Two of four: nothing is ordered, callers are told so with 503, and it goes on by itself. */
async function loseQuorum({ network, load, faultMs }: Stage): Promise<DrillCourse> {
  const two = fabricPlan(network).orderers.slice(1, 3);
  for (const orderer of two) await killNode(network, orderer);
  const fromMs = Date.now() + GRACE_MS;
  // As long as a gateway asks after a doubtful transaction before it answers, at least.
  await sleep(Math.max(faultMs, 10_000));
  const toMs = Date.now();
  const heard = load.heardBetween(fromMs, toMs);
  const told = [...load.refusals.keys()].some((words) => words.startsWith('503 ORDERERS_UNAVAILABLE'));
  const course = await mend(async () => {
    for (const { id } of two) await startPeer(network.folder.root, id);
  });
  return {
    ...course,
    faults: [
      ...(heard === 0 ? [] : [`${heard} writes were acknowledged without a quorum`]),
      ...(told ? [] : ['no write was answered with 503 ORDERERS_UNAVAILABLE']),
    ],
  };
}

/** One organisation's machine hangs: its connections stay open and say nothing. */
async function partition({ network, faultMs }: Stage): Promise<DrillCourse> {
  const { orderers, peers } = fabricPlan(network);
  const [{ domain } = { domain: '' }] = fabricPlan(network).organisations.filter(({ mspId }) => mspId === VICTIM);
  const nodes = [...orderers, ...peers].filter(({ id }) => id.endsWith(`.${domain}`));
  const pids = nodes.map(pidOf);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(faultMs);
  return mend(() => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    return Promise.resolve();
  });
}

/** A peer's folder lies on a file system of its own that becomes full, and later larger. */
async function fillDisk({ network, load, faultMs }: Stage): Promise<DrillCourse> {
  const { id, ledgerFolder, mspId } = peerNode(network);
  const { root } = network.folder;
  await stopPeer(root, id);
  const aside = `${ledgerFolder}.aside`;
  renameSync(ledgerFolder, aside);
  mkdirSync(ledgerFolder, { mode: 0o700 });
  const bytes = Number(execFileSync('du', ['-sb', aside], { encoding: 'utf8' }).split('\t')[0]);
  const mount = (size: number, more = '') =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${more}size=${size},mode=700`, 'tmpfs', ledgerFolder]);
  mount(bytes + ROOM_BYTES * 8);
  cpSync(aside, ledgerFolder, { recursive: true });
  await startPeer(root, id);
  await sleep(faultMs);
  // Nothing may be left: a large file takes the rest, as somebody's log would.
  const filler = join(ledgerFolder, 'filler');
  fillWith(filler);
  const fullMs = Date.now();
  await sleep(Math.max(faultMs, 10_000));
  const others = load.heardBetween(fullMs + GRACE_MS, Date.now());
  rmSync(filler, { force: true });
  mount(bytes * 4 + 64 * 1024 * 1024, 'remount,');
  const course = await mend(async () => {
    if (!isKept(network))
      await pollFor(POLL_MS, () =>
        startPeer(root, id).then(
          () => true,
          () => true,
        ),
      );
  });
  const cleanUp = async () => {
    await stopPeer(root, id).catch(() => undefined);
    rmSync(aside, { recursive: true });
    cpSync(ledgerFolder, aside, { recursive: true });
    execFileSync('umount', [ledgerFolder]);
    rmSync(ledgerFolder, { recursive: true });
    renameSync(aside, ledgerFolder);
    await startPeer(root, id);
  };
  const faults = others > 0 ? [] : [`no other organisation was served while the disk of ${mspId} was full`];
  return { ...course, faults, cleanUp };
}

/** Fabric's programs are started again by whoever keeps them; a peer of the embedded network is taken out by itself. */
function isKept(network: TestNetwork): boolean {
  return planOf(network).engine === 'fabric';
}

function fillWith(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=64k'], { stdio: 'ignore' });
  } catch {
    // It ends when nothing is left, which is what was wanted.
  }
}

function cannotMount(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'mounting a small file system wants root';
}

/** Mends and notes since when recovery counts: from the moment at which mending began. */
async function mend(work: () => Promise<unknown>): Promise<DrillCourse> {
  const mendedMs = Date.now();
  await work();
  return { mendedMs, faults: [] };
}

interface Node {
  readonly id: string;
  readonly pidFile: string;
}

/** SIGKILL, and whoever keeps the process is told not to start it again. */
async function killNode(network: TestNetwork, node: Node | undefined): Promise<void> {
  if (node === undefined) throw new Error('the plan has such a node');
  process.kill(pidOf(node), 'SIGKILL');
  await stopPeer(network.folder.root, node.id);
}

function pidOf({ pidFile }: Node): number {
  return (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid;
}

function planOf(network: TestNetwork): AnyPlan {
  const plan = readPlan(network.folder.root);
  if (plan === undefined) throw new Error('the network has a plan');
  return plan;
}

function fabricPlan(network: TestNetwork): FabricPlan {
  return planOf(network) as FabricPlan;
}

function peerNode(network: TestNetwork) {
  const organisation = planOf(network).organisations.find(({ mspId }) => mspId === VICTIM);
  const [node] = organisation?.nodes ?? [];
  if (organisation === undefined || node === undefined) throw new Error(`${VICTIM} has a peer`);
  return { ...node, mspId: organisation.mspId };
}
