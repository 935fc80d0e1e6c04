import { readFileSync } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { gateway, peer as proto } from '@hyperledger/fabric-protos';
import { type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { createDeliverService, deliverDefinition, type DeliverContext } from './deliver/deliver-service.js';
import { createEndorserService } from './endorse/endorser-service.js';
import { createGatewayService } from './gateway/gateway-service.js';
import { atomicBroadcastDefinition, createAtomicBroadcast } from './order/atomic-broadcast.js';
import { type Orderer } from './order/orderer.js';
import { type Peer } from './peer/peer.js';
import { messageLimits } from './message-limits.js';

/** How long open calls may take to end before they are cut, milliseconds. */
const closeTimeoutMs = 500;

/** An open port. */
export interface Listener {
  close(): Promise<void>;
}

interface Surroundings {
  readonly plan: NetworkPlan;
  /** The peers that run, at the time of asking. */
  readonly peers: () => readonly Peer[];
  readonly orderer: Orderer;
  readonly onBug: (error: unknown) => void;
  readonly nowMs: () => number;
}

/** Opens a peer's port with TLS: gateway, deliver and endorser services, as a Fabric peer has them on one port. */
export async function servePeer(node: NodePlan, peer: Peer, around: Surroundings): Promise<Listener> {
  const { plan, peers, orderer, onBug, nowMs } = around;
  const server = createServer();
  const [ordererNode] = plan.orderer.nodes;
  const context = {
    local: peer,
    peers,
    channel: () => peer.channel,
    orderer: { address: ordererNode?.address ?? '', mspId: plan.orderer.mspId },
    broadcast: (envelope: Uint8Array) => {
      orderer.broadcast(envelope);
    },
  };
  server.addService(gateway.GatewayService, { ...createGatewayService(context, onBug) });
  server.addService(deliverDefinition, createDeliverService(deliverContext(() => peer, { nowMs, onBug })));
  server.addService(proto.EndorserService, { ...createEndorserService(peer, onBug) });
  return listen(server, node);
}

/**
 * Opens the orderer's port with TLS. It delivers from a peer's ledger: an orderer here keeps no blocks of its own.
 * @param source a peer that runs, at the time of asking
 */
export async function serveOrderer(
  node: NodePlan,
  source: () => Peer,
  orderer: Orderer,
  hooks: Pick<Surroundings, 'nowMs' | 'onBug'>,
): Promise<Listener> {
  const server = createServer();
  const broadcast = (envelope: Uint8Array) => {
    orderer.broadcast(envelope);
  };
  server.addService(atomicBroadcastDefinition, createAtomicBroadcast(broadcast, deliverContext(source, hooks)));
  return listen(server, node);
}

function deliverContext(source: () => Peer, { nowMs, onBug }: Pick<Surroundings, 'nowMs' | 'onBug'>): DeliverContext {
  return {
    channel: () => source().channel,
    height: () => source().height,
    blocks: (start, signal) => source().blocks(start, signal),
    privateSets: (blockNumber, reader) => source().privateSets(blockNumber, reader),
    nowMs,
    onBug,
  };
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
