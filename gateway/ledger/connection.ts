import { type CallOptions, type Client } from '@grpc/grpc-js';
import { connect, type Gateway, hash } from '@hyperledger/fabric-gateway';

import { type Identity, type Wallet } from '../identity/wallet.js';
import { PeerLink } from './peer-link.js';
import { type PeerAddress } from './profile.js';
import { createSigner } from './signer.js';

/** How long each stage of a call may take, milliseconds. */
export const DEADLINES_MS = { evaluate: 5_000, endorse: 15_000, submit: 5_000, commitStatus: 60_000 } as const;

const GATEWAYS_MAX = 1_000;

/** The way to a peer; see {@link PeerLink}. */
export function openChannel(peer: PeerAddress): PeerLink {
  return new PeerLink(peer);
}

/** The identities that share one channel: a client of Fabric's gateway for each, at most {@link GATEWAYS_MAX} kept. */
export class Connection {
  readonly channel: PeerLink;
  readonly #wallet: Wallet;
  readonly #gateways = new Map<Identity, Gateway>();
  #client: Client | undefined;

  constructor(channel: PeerLink, wallet: Wallet) {
    this.channel = channel;
    this.#wallet = wallet;
  }

  /** @throws UNAUTHENTICATED where the wallet has no such user. */
  gatewayOf(user: string): Gateway {
    const identity = this.#wallet.identity(user);
    const { client } = this.channel;
    if (client !== this.#client) this.#gateways.clear(); // Those of a channel that was given up.
    this.#client = client;
    const known = this.#gateways.get(identity);
    if (known !== undefined) return known;
    if (this.#gateways.size >= GATEWAYS_MAX) this.#gateways.clear();
    const gateway = connect({
      client,
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
