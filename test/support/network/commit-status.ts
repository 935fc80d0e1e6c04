import { gateway } from '@hyperledger/fabric-protos';
import { type Status, type Transaction } from '@hyperledger/fabric-gateway';

import { type PeerConnection } from './peer-connection.js';
import { serializedIdentity } from './user-identity.js';

/** Waits until the connection's own peer has committed a transaction, whoever submitted it. */
export async function statusAt(connection: PeerConnection, txId: string): Promise<Status> {
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId(txId);
  request.setChannelId(connection.network.getName());
  request.setIdentity(serializedIdentity(connection.identity));
  const unsigned = new gateway.SignedCommitStatusRequest();
  unsigned.setRequest(request.serializeBinary());
  return connection.gateway.newCommit(unsigned.serializeBinary()).getStatus();
}

/** Submits an endorsed transaction and waits. @returns its validation code. */
export async function codeOf(transaction: Transaction): Promise<number> {
  const submitted = await transaction.submit();
  return (await submitted.getStatus()).code;
}
