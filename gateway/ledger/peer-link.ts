import {
  Client,
  type ClientOptions,
  credentials,
  type InterceptingCall,
  InterceptingCall as Intercepting,
  type Interceptor,
  status,
} from '@grpc/grpc-js';

import { type PeerAddress } from './profile.js';

/**
 * As often as peers bear, which is once a minute (Fabric core.yaml, peer.keepalive.minInterval), with some room. When a
 * peer is killed amid a write, Node's HTTP/2 session over TLS at times never learns that its socket is closed
 * (nodejs/node issue 61304): only an unanswered ping then ends it. `LinkWatch` is faster; this one needs no call.
 */
const KEEPALIVE_MS = 65_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
/** A gateway should be back soon after its peer is: reconnect within two seconds, not grpc's two minutes. */
const RECONNECT_MS = { first: 100, most: 2_000 } as const;

/**
 * One gRPC channel to a peer, shared by all identities, that can be given up for a new one. It connects on first use and
 * reconnects by itself; what it cannot notice by itself is a connection that is dead and does not say so.
 */
export class PeerLink {
  readonly #peer: PeerAddress;
  readonly #calls = new Set<InterceptingCall>();
  #client: Client;
  #heardMs: number | undefined;

  constructor(peer: PeerAddress) {
    this.#peer = peer;
    this.#client = this.#open();
  }

  /** The channel in use; ask for it at every call, because it may have been replaced. */
  get client(): Client {
    return this.#client;
  }

  /** When the peer last sent anything in answer to a call, `performance.now()`; `undefined` where it never did. */
  get heardMs(): number | undefined {
    return this.#heardMs;
  }

  /**
   * Gives the channel up and takes a new one, over a connection of its own. Calls under way end with UNAVAILABLE, which
   * says of each what is true: the peer could not be reached.
   */
  replace(): void {
    const old = this.#client;
    this.#client = this.#open();
    for (const call of this.#calls) call.cancelWithStatus(status.UNAVAILABLE, 'the channel did not answer');
    this.#calls.clear();
    old.close();
  }

  close(): void {
    this.#client.close();
  }

  #open(): Client {
    const { address, serverName, tlsRoots } = this.#peer;
    const options: ClientOptions = {
      'grpc.keepalive_time_ms': KEEPALIVE_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MS.first,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS.most,
      'grpc.max_receive_message_length': -1, // A block may be larger than grpc's default of 4 MB; peers bound it.
      'grpc.use_local_subchannel_pool': 1, // A shared pool would give a new channel the dead connection again.
      interceptors: [this.#listen],
      ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
    };
    return new Client(
      address,
      tlsRoots === undefined ? credentials.createInsecure() : credentials.createSsl(tlsRoots),
      options,
    );
  }

  /** Notes what the peer sends, and which calls are under way. A status alone may be grpc's own, so it does not count. */
  readonly #listen: Interceptor = (options, next) => {
    const heard = (): void => {
      this.#heardMs = performance.now();
    };
    const call: InterceptingCall = new Intercepting(next(options), {
      start: (metadata, _listener, forward) => {
        this.#calls.add(call);
        forward(metadata, {
          onReceiveMetadata: (received, pass) => {
            heard();
            pass(received);
          },
          onReceiveMessage: (message, pass) => {
            heard();
            pass(message);
          },
          onReceiveStatus: (received, pass) => {
            this.#calls.delete(call);
            pass(received);
          },
        });
      },
    });
    return call;
  };
}
