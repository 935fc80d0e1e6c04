import { type CallOptions, Client, type ClientOptions, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash } from '@hyperledger/fabric-gateway';

import { type Identity, type Wallet } from '../identity/wallet.js';
import { type PeerAddress } from './profile.js';
import { createSigner } from './signer.js';

/** How long each stage of a call may take, milliseconds. */
export const DEADLINES_MS = { evaluate: 5_000, endorse: 15_000, submit: 5_000, commitStatus: 60_000 } as const;

/**
 * As often as peers bear, which is once a minute (Fabric core.yaml, peer.keepalive.minInterval), with some room. When a
 * peer is killed amid a write, Node's HTTP/2 session over TLS at times never learns that its socket is closed
 * (nodejs/node issue 61304): only an unanswered ping then ends it, and until it does nobody is answered.
 */
const KEEPALIVE_MS = 65_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
/** A gateway should be back soon after its peer is: reconnect within two seconds, not grpc's two minutes. */
const RECONNECT_MS = { first: 100, most: 2_000 } as const;
const GATEWAYS_MAX = 1_000;

/** One gRPC channel to a peer. It connects on first use and reconnects by itself. */
export function openChannel(peer: PeerAddress): Client {
  const options: ClientOptions = {
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.initial_reconnect_backoff_ms': RECONNECT_MS.first,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MS.most,
    'grpc.max_receive_message_length': -1, // A block may be larger than grpc's default of 4 MB; peers bound it.
    ...(peer.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': peer.serverName }),
  };
  const tls = peer.tlsRoots === undefined ? credentials.createInsecure() : credentials.createSsl(peer.tlsRoots);
  return new Client(peer.address, tls, options);
}

/** The identities that share one channel: a client of Fabric's gateway for each, at most {@link GATEWAYS_MAX} kept. */
export class Connection {
  readonly channel: Client;
  readonly #wallet: Wallet;
  readonly #gateways = new Map<Identity, Gateway>();

  constructor(channel: Client, wallet: Wallet) {
    this.channel = channel;
    this.#wallet = wallet;
  }

  /** @throws UNAUTHENTICATED where the wallet has no such user. */
  gatewayOf(user: string): Gateway {
    const identity = this.#wallet.identity(user);
    const known = this.#gateways.get(identity);
    if (known !== undefined) return known;
    if (this.#gateways.size >= GATEWAYS_MAX) this.#gateways.clear();
    const gateway = connect({
      client: this.channel,
      identity: { mspId: identity.mspId, credentials: identity.certificate },
      signer: createSigner(identity.privateKey),
      hash: hash.none,
      evaluateOptions: () => within(DEADLINES_MS.evaluate),
      endorseOptions: () => within(DEADLINES_MS.endorse),
      submitOptions: () => within(DEADLINES_MS.submit),
      commitStatusOptions: () => within(DEADLINES_MS.commitStatus),
    });
    this.#gateways.set(identity, gateway);
    return gateway;
  }

  close(): void {
    this.channel.close();
  }
}

/** A gRPC deadline so many milliseconds from now. */
export function within(milliseconds: number): CallOptions {
  return { deadline: Date.now() + milliseconds };
}
