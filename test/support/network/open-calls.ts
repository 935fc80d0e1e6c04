import { setTimeout as sleep } from 'node:timers/promises';

import { gateway } from '@hyperledger/fabric-protos';

import { type PeerConnection } from './peer-connection.js';
import { serializedIdentity, signMessage } from './user-identity.js';

/** Calls that wait for something that never happens. */
export interface OpenCalls {
  cancel(): void;
}

/** How long requests may be on their way to the peer, milliseconds. */
const SETTLE_MS = 1_500;

/** Asks so many times for the status of a transaction that nobody has sent; the peer waits for it each time. */
export async function openStatusCalls(connection: PeerConnection, count: number): Promise<OpenCalls> {
  const { identity, client, network } = connection;
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId('0'.repeat(64));
  request.setChannelId(network.getName());
  request.setIdentity(serializedIdentity(identity));
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  signed.setSignature(signMessage(identity, request.serializeBinary()));
  const { path, requestSerialize, responseDeserialize } = gateway.GatewayService.commitStatus;
  const calls = Array.from({ length: count }, () =>
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, signed, () => undefined),
  );
  await sleep(SETTLE_MS);
  return {
    cancel: () => {
      for (const call of calls) call.cancel();
    },
  };
}
