import { type Client } from '@grpc/grpc-js';
import { connect, type Contract, type Gateway, hash, type Network } from '@hyperledger/fabric-gateway';

import { clientIdentity, clientSigner, type UserIdentity } from './user-identity.js';

/** How long any one call of a test may take, milliseconds: more than the network's own bounds on a slow machine. */
const CALL_MS_MAX = 20_000;

/** A user at a peer: the unmodified client library, with nothing of ours between. */
export class PeerConnection {
  readonly identity: UserIdentity;
  /** gRPC channel to the peer, shared by all users of it. */
  readonly client: Client;
  readonly gateway: Gateway;
  readonly network: Network;

  constructor(client: Client, channel: string, identity: UserIdentity) {
    const options = () => ({ deadline: Date.now() + CALL_MS_MAX });
    this.identity = identity;
    this.client = client;
    this.gateway = connect({
      client,
      identity: clientIdentity(identity),
      signer: clientSigner(identity),
      hash: hash.sha256,
      evaluateOptions: options,
      endorseOptions: options,
      submitOptions: options,
      commitStatusOptions: options,
    });
    this.network = this.gateway.getNetwork(channel);
  }

  contract(chaincode: string): Contract {
    return this.network.getContract(chaincode);
  }

  /** A client that holds the certificate and no key: whatever it sends must be signed elsewhere. */
  withoutSigner(): Gateway {
    return connect({ client: this.client, identity: clientIdentity(this.identity), hash: hash.sha256 });
  }
}

/** Bytes that a contract answered, as text. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
