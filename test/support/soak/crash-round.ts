import { setTimeout as sleep } from 'node:timers/promises';

import { readStatus } from '../../../network/manager/network.js';
import { pollFor } from '../../../network/manager/poll.js';
import { readTransactions } from '../network/chain-reader.js';
import { type TestNetwork } from '../network/test-network.js';
import { findChainFaults, findIndexFaults, findRecordFaults, indexedBlocks, readChains } from './chain-check.js';
import { compareLedgers } from './ledger-check.js';
import { type Acknowledgement, createRequests, sendAll, sendUntilAcknowledged, type SoakRequest } from './load.js';

/** What a round is to do. */
export interface RoundPlan {
  /** Records to submit. */
  readonly submits: number;
  /** The network is killed when so many of them are acknowledged. */
  readonly killAfter: number;
  /** Milliseconds from that acknowledgement to the kill, so that it falls anywhere in a block's life. */
  readonly killDelayMs: number;
  /** Milliseconds after the restart began at which it is killed once more; `undefined` for a restart in peace. */
  readonly killAgainMs: number | undefined;
}

/** How a round went; `faults` is empty where everything held. */
export interface RoundResult extends RoundPlan {
  /** Acknowledged before the callers knew of the kill. */
  readonly acknowledged: number;
  /** Not acknowledged by the first attempt, and then found on the chain: committed as its answer was lost. */
  readonly committedUnheard: number;
  /** Milliseconds from the start command to a network that answers. */
  readonly restartMs: number;
  /** Milliseconds from there until all gateways, which nobody restarted, were ready again. */
  readonly gatewaysMs: number;
  readonly blocks: number;
  /** Transactions on the whole chain that are not VALID. */
  readonly invalid: number;
  /** Keys in the state of each peer. */
  readonly keys: number;
  readonly faults: readonly string[];
}

/** Acknowledged requests that are sent once more. */
const REPEATED = 10;
const READY_MS_MAX = 60_000;
/**
 * A gateway whose session did not notice that its peer was killed gives it up after some seconds of silence
 * (gateway/ledger/link-watch.ts).
 */
const RECONNECT_MS_MAX = 30_000;
/** Gateways answer so many questions a minute from one address. */
const ASK_EVERY_MS = 150;

/** Every acknowledgement of earlier rounds; what was promised once must hold to the end. */
export type Promised = Map<SoakRequest, Acknowledgement>;

/**
 * Submits, kills the network's process amid it, starts it again beside gateways that stay up, sends again what was not
 * acknowledged, and compares everything: chains, stored files, states, audit indexes.
 * @param promised is added to. @throws {Error} where a request is never acknowledged or the network does not come back
 */
export async function runCrashRound(network: TestNetwork, plan: RoundPlan, promised: Promised): Promise<RoundResult> {
  const requests = createRequests(plan.submits);
  const { promise: killTime, resolve: isTime } = Promise.withResolvers<undefined>();
  const sending = sendAll(network, requests, (count) => {
    if (count === plan.killAfter) isTime(undefined);
  });
  await Promise.race([killTime, sending]);
  await sleep(plan.killDelayMs);
  await network.kill();
  const { restartMs, gatewaysMs } = await restart(network, plan.killAgainMs);
  const acknowledged = await sending;
  for (const [request, answer] of acknowledged) promised.set(request, answer);
  const missing = requests.filter((request) => !acknowledged.has(request));
  const before = await committedTxIds(network);
  for (const request of missing) promised.set(request, await sendUntilAcknowledged(network, request));
  const committedUnheard = missing.filter((request) => before.has(promised.get(request)?.txId ?? '')).length;
  await repeatSome(network, [...acknowledged.keys()]);
  const checked = await checkEverything(network, promised);
  return { ...plan, acknowledged: acknowledged.size, committedUnheard, restartMs, gatewaysMs, ...checked };
}

/**
 * Sends some requests once more that were acknowledged before the kill, as callers do who forgot, and by the other
 * route. What comes of it is looked for on the chain: a second record of the same file is a fault.
 */
async function repeatSome(network: TestNetwork, requests: readonly SoakRequest[]): Promise<void> {
  const repeated = requests.slice(0, REPEATED);
  await Promise.all(
    repeated.map((request) => {
      const route = request.route === 'gateway' ? 'peer' : 'gateway';
      return sendUntilAcknowledged(network, { ...request, route });
    }),
  );
}

async function restart(
  network: TestNetwork,
  killAgainMs: number | undefined,
): Promise<Pick<RoundResult, 'restartMs' | 'gatewaysMs'>> {
  if (killAgainMs !== undefined) {
    const interrupted = network.up().catch(() => undefined); // Its process dies under it.
    await pollFor(READY_MS_MAX, () => (readStatus(network.folder.root).state === 'down' ? undefined : true));
    await sleep(killAgainMs);
    await network.kill();
    await interrupted;
  }
  const startedMs = Date.now();
  await network.up();
  const upMs = Date.now();
  const ready = await pollFor(RECONNECT_MS_MAX, () => areGatewaysReady(network), ASK_EVERY_MS);
  if (ready === undefined) throw new Error('the gateways did not find their network again');
  return { restartMs: upMs - startedMs, gatewaysMs: Date.now() - upMs };
}

export async function areGatewaysReady(network: TestNetwork): Promise<true | undefined> {
  const organisations = network.topology.organisations.map(({ name }) => name);
  const replies = await Promise.all(organisations.map((name) => network.restAsAnyone(name).get('/readyz')));
  return replies.every(({ status }) => status === 200) || undefined;
}

async function committedTxIds(network: TestNetwork): Promise<ReadonlySet<string>> {
  const [chain = []] = await readChains(network);
  return new Set(readTransactions(chain).map(({ txId }) => txId));
}

async function checkEverything(
  network: TestNetwork,
  promised: Promised,
): Promise<Pick<RoundResult, 'blocks' | 'invalid' | 'keys' | 'faults'>> {
  const chains = await readChains(network);
  const [chain = []] = chains;
  const transactions = readTransactions(chain);
  await pollFor(READY_MS_MAX, () => {
    const { organisations } = network.topology;
    return organisations.every(({ name }) => indexedBlocks(network, name) >= chain.length) || undefined;
  });
  const faults = [
    ...findChainFaults(network, chains),
    ...findRecordFaults(transactions, promised),
    ...findIndexFaults(network, chain),
    ...(await findAuditFaults(network)),
  ];
  await network.down();
  const stored = await compareLedgers(network, chain);
  await network.up();
  await pollFor(READY_MS_MAX, () => areGatewaysReady(network), ASK_EVERY_MS);
  return {
    blocks: chain.length,
    invalid: transactions.filter(({ code }) => code !== 'VALID').length,
    keys: stored.keys,
    faults: [...faults, ...stored.faults],
  };
}

/** What the system's own audit says, beside what was compared here without its help. */
export async function findAuditFaults(network: TestNetwork): Promise<string[]> {
  const auditor = await network.restAs('auditor@beijing');
  const { body } = await auditor.get('/v1/audit/integrity');
  const { verdict, agreeing } = body;
  const peers = network.peers.length;
  return verdict === 'SOUND' && agreeing === peers ? [] : [`the audit says ${JSON.stringify(body)}`];
}
