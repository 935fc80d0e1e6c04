import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { peer } from '@hyperledger/fabric-protos';

import { type FileDigests, registration } from '../network/evidence-requests.js';
import { textOf } from '../network/peer-connection.js';
import { type TestNetwork } from '../network/test-network.js';

/** Who submits: one user of each organisation. */
export const WRITERS = ['clerk@chongqing', 'notary@zhejiang', 'officer@guangdong', 'officer@beijing'] as const;
/** Requests under way at the same time. */
const IN_FLIGHT = 20;
/** Times that a request which was not acknowledged is sent again, and milliseconds between them. */
const RETRIES_MAX = 60;
const PAUSE_MS = 500;

/** One record that is to be made; its request id makes it the same one however often it is sent. */
export interface SoakRequest {
  readonly user: (typeof WRITERS)[number];
  /** Through the organisation's gateway, or straight to its peer. */
  readonly route: 'gateway' | 'peer';
  readonly requestId: string;
  readonly body: { readonly digests: FileDigests };
}

/** What a caller may rely on from then on: this record is on the chain, in this transaction and block. */
export interface Acknowledgement {
  readonly evidenceId: string;
  readonly txId: string;
  readonly blockNumber: number;
}

/** Requests by turns for every organisation, half of them past the gateways. */
export function createRequests(count: number): SoakRequest[] {
  return Array.from({ length: count }, (_, n) => ({
    user: WRITERS[n % WRITERS.length] ?? WRITERS[0],
    route: Math.floor(n / WRITERS.length) % 2 === 0 ? 'gateway' : 'peer',
    requestId: randomUUID(),
    body: registration(),
  }));
}

/**
 * Sends every request once, {@link IN_FLIGHT} at a time.
 * @param onAcknowledged told how many were acknowledged so far. @returns by request, what was acknowledged.
 */
export async function sendAll(
  network: TestNetwork,
  requests: readonly SoakRequest[],
  onAcknowledged: (count: number) => void,
): Promise<Map<SoakRequest, Acknowledgement>> {
  const acknowledged = new Map<SoakRequest, Acknowledgement>();
  const queue = requests.values();
  const work = async () => {
    for (const request of queue) {
      const answer = await send(network, request).catch(() => undefined); // Not acknowledged: that is all one knows.
      if (answer === undefined) continue;
      acknowledged.set(request, answer);
      onAcknowledged(acknowledged.size);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return acknowledged;
}

/** Sends a request until it is acknowledged, as a careful caller does. @throws {Error} where it never is */
export async function sendUntilAcknowledged(network: TestNetwork, request: SoakRequest): Promise<Acknowledgement> {
  let last: unknown;
  for (let attempt = 0; attempt < RETRIES_MAX; attempt += 1) {
    try {
      return await send(network, request);
    } catch (error) {
      last = error;
      await sleep(PAUSE_MS);
    }
  }
  throw new Error(`request ${request.requestId} was never acknowledged`, { cause: last });
}

/** Sends a request once. @throws {Error} naming status and code where it was not acknowledged */
export function send(network: TestNetwork, request: SoakRequest): Promise<Acknowledgement> {
  return request.route === 'gateway' ? sendToGateway(network, request) : sendToPeer(network, request);
}

async function sendToGateway(network: TestNetwork, request: SoakRequest): Promise<Acknowledgement> {
  const session = await network.restAs(request.user);
  const reply = await session.post('/v1/evidence', request.body, { 'idempotency-key': request.requestId });
  if (reply.status !== 201 && reply.status !== 200) throw new Error(`${reply.status} ${String(reply.body.code)}`);
  const { id, txId } = reply.body.record as { id: string; txId: string };
  return { evidenceId: id, txId, blockNumber: Number(reply.body.blockNumber) };
}

async function sendToPeer(network: TestNetwork, request: SoakRequest): Promise<Acknowledgement> {
  const contract = network.connectAs(request.user).network.getContract('yinzheng', 'evidence');
  const parameters = [JSON.stringify({ ...request.body, requestId: request.requestId })];
  const submitted = await contract.submitAsync('register', { arguments: parameters });
  const { code, blockNumber } = await submitted.getStatus();
  if (code !== peer.TxValidationCode.VALID) throw new Error(`validation code ${code}`);
  // A repetition is valid and writes nothing; the record names the transaction that made it.
  const { id, txId } = JSON.parse(textOf(submitted.getResult())) as { id: string; txId: string };
  const isOwn = txId === submitted.getTransactionId();
  return { evidenceId: id, txId, blockNumber: isOwn ? Number(blockNumber) : -1 };
}
