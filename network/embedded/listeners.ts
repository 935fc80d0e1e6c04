import './wire/bounded-decoder.js'; // Before any message is read.

import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { gateway, peer as proto } from '@hyperledger/fabric-protos';
import { type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { limitConcurrency } from './concurrency-limit.js';
import { createDeliverService, deliverDefinition } from './deliver/deliver-service.js';
import { createEndorserService } from './endorse/endorser-service.js';
import { createGatewayService } from './gateway/gateway-service.js';
import { atomicBroadcastDefinition, createAtomicBroadcast } from './order/atomic-broadcast.js';
import { type Peer } from './peer/peer.js';
import { type PeerNode } from './peer-node.js';
import { messageLimits } from './message-limits.js';

/** How long open calls may take to end before they are cut, milliseconds. */
const closeTimeoutMs = 500;

/** An open port. */
export interface Listener {
  close(): Promise<void>;
}

interface Surroundings {
  /** The orderer's place and organisation, which gateways name in their errors. */
  readonly orderer: { readonly address: string; readonly mspId: string };
  /** The peers of a channel that run, at the time of asking. */
  readonly peers: (channelId: string) => readonly Peer[];
  /** @throws BroadcastRefusal */
  readonly broadcast: (envelope: Uint8Array) => void;
  /** Calls that each service bears at the same time. */
  readonly limits: Omit<NetworkPlan['limits'], 'executeTimeoutMs'>;
  readonly onBug: (error: unknown) => void;
  readonly nowMs: () => number;
}

/** Opens a peer's port with TLS: gateway, deliver and endorser services, as a Fabric peer has them on one port. */
export async function servePeer(peerNode: PeerNode, around: Surroundings): Promise<Listener> {
  const { node, channels } = peerNode;
  const { orderer, peers, broadcast, limits, onBug, nowMs } = around;
  const server = createServer();
  const contexts = new Map(
    [...channels].map(([name, local]) => {
      const context = { local, peers: () => peers(name), channel: () => local.channel, orderer, broadcast };
      return [name, context] as const;
    }),
  );
  const contextOf = (channelId: string) => contexts.get(channelId) ?? anyOf(contexts);
  const deliver = { source: (channelId: string) => channels.get(channelId), nowMs, onBug };
  const serve = (max: number, definition: ServiceDefinition, implementation: UntypedServiceImplementation) => {
    server.addService(definition, limitConcurrency(max, definition, implementation));
  };
  serve(limits.gatewayService, gateway.GatewayService, { ...createGatewayService(contextOf, onBug) });
  serve(limits.deliverService, deliverDefinition, createDeliverService(deliver));
  serve(limits.endorserService, proto.EndorserService, { ...createEndorserService(peerNode, onBug) });
  return listen(server, node);
}

/**
 * Opens the orderer's port with TLS. It delivers from a peer's ledger: an orderer here keeps no blocks of its own.
 * @param source a peer of that channel that runs, at the time of asking
 */
export async function serveOrderer(
  node: NodePlan,
  source: (channelId: string) => Peer | undefined,
  { broadcast, nowMs, onBug }: Pick<Surroundings, 'broadcast' | 'nowMs' | 'onBug'>,
): Promise<Listener> {
  const server = createServer();
  server.addService(atomicBroadcastDefinition, createAtomicBroadcast(broadcast, { source, nowMs, onBug }));
  return listen(server, node);
}

function anyOf<Value>(values: ReadonlyMap<string, Value>): Value {
  for (const value of values.values()) return value;
  throw new Error('a peer is on one channel at least');
}

function createServer(): Server {
  return new Server({
    ...messageLimits,
  });
}

async function listen(server: Server, { address, tls }: NodePlan): Promise<Listener> {
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: readFileSync(tls.privateKeyFile), cert_chain: readFileSync(tls.certificateFile) },
  ]);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, credentials, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return {
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => {
          server.forceShutdown();
        }, closeTimeoutMs);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      }),
  };
}
