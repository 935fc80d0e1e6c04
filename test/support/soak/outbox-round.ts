import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { gatewayProcess, startGateways } from '../../../cli/gateways.js';
import { pollFor } from '../../../network/manager/poll.js';
import { readTransactions } from '../network/chain-reader.js';
import { type TestNetwork } from '../network/test-network.js';
import { findRecordFaults, readChains } from './chain-check.js';
import { areGatewaysReady } from './crash-round.js';
import { type Acknowledgement, createRequests, type SoakRequest } from './load.js';

const ENDS_MS_MAX = 60_000;
const ASK_EVERY_MS = 150;
const GONE_MS_MAX = 5_000;

/** What a round is to do. */
export interface OutboxPlan {
  /** Records to hand in, all at once. */
  readonly submits: number;
  /** The gateways are killed when so many of them are accepted. */
  readonly killAfter: number;
  /** Whether the network hangs until they are killed, so that all that was accepted is open then. */
  readonly hangs: boolean;
}

/** How a round went; `faults` is empty where everything held. */
export interface OutboxResult {
  readonly accepted: number;
  /** Jobs in the gateways' files without an outcome when they were killed. */
  readonly openAtKill: number;
  readonly faults: readonly string[];
}

/** A request whose job a caller was told. */
interface Accepted {
  readonly request: SoakRequest;
  readonly id: string;
}

/**
 * Hands requests in that nobody waits for, kills the gateways' process amid it, starts it again and waits for every job
 * that was accepted. A fault is a job that was lost or refused, and a file that was recorded more than once.
 */
export async function runOutboxRound(network: TestNetwork, plan: OutboxPlan): Promise<OutboxResult> {
  const accepted: Accepted[] = [];
  const { promise: killTime, resolve: isTime } = Promise.withResolvers<undefined>();
  if (plan.hangs) process.kill(network.pid, 'SIGSTOP');
  const sending = createRequests(plan.submits).map(async (request) => {
    const id = await handIn(network, request).catch(() => undefined); // Cut off: nothing was promised.
    if (id !== undefined) accepted.push({ request, id });
    if (accepted.length === plan.killAfter) isTime(undefined);
  });
  await Promise.race([killTime, Promise.all(sending)]);
  await killGateways(network);
  if (plan.hangs) process.kill(network.pid, 'SIGCONT');
  await Promise.all(sending);
  const openAtKill = openJobs(network);
  await startGateways(network.folder, network.topology);
  await pollFor(ENDS_MS_MAX, () => areGatewaysReady(network), ASK_EVERY_MS);
  const ends = await Promise.all(accepted.map(async (job) => [job.request, await endOf(network, job)] as const));
  const promised = new Map(ends.filter((end): end is [SoakRequest, Acknowledgement] => typeof end[1] !== 'string'));
  const lost = ends.flatMap(([, end]) => (typeof end === 'string' ? [end] : []));
  const [chain = []] = await readChains(network);
  const faults = [...lost, ...findRecordFaults(readTransactions(chain), promised)];
  return { accepted: accepted.length, openAtKill, faults };
}

/** @returns the job's id. @throws {Error} where it was not accepted */
async function handIn(network: TestNetwork, { user, body, requestId }: SoakRequest): Promise<string> {
  const session = await network.restAs(user);
  const headers = { prefer: 'respond-async', 'idempotency-key': requestId };
  const reply = await session.post('/v1/evidence', body, headers);
  if (reply.status !== 202) throw new Error(`${reply.status} ${String(reply.body.code)}`);
  return String(reply.body.id);
}

/** @returns what a caller may rely on, or why there is nothing. */
async function endOf(network: TestNetwork, { request, id }: Accepted): Promise<Acknowledgement | string> {
  const session = await network.restAs(request.user);
  const end = await pollFor(
    ENDS_MS_MAX,
    async () => {
      const { status, body } = await session.get(`/v1/jobs/${id}`);
      return status === 200 && body.state === 'accepted' ? undefined : { status, body };
    },
    ASK_EVERY_MS,
  );
  if (end?.body.state !== 'done') return `job ${id}: ${JSON.stringify(end?.body)}`;
  const { record, blockNumber } = end.body.answer as { record: { id: string; txId: string }; blockNumber: number };
  return { evidenceId: record.id, txId: record.txId, blockNumber };
}

async function killGateways({ folder }: TestNetwork): Promise<void> {
  const { pid } = gatewayProcess(folder);
  if (pid === undefined) throw new Error('no gateways run');
  process.kill(pid, 'SIGKILL');
  await pollFor(GONE_MS_MAX, () => gatewayProcess(folder).pid === undefined || undefined);
}

function openJobs({ folder, topology }: TestNetwork): number {
  const counts = topology.organisations.map(({ name }) => {
    using database = new DatabaseSync(join(folder.root, 'outbox', `${name}.sqlite`));
    return Number(database.prepare('SELECT count(*) AS jobs FROM job WHERE outcome IS NULL').get()?.jobs);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
