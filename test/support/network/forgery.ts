import { type Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, peer } from '@hyperledger/fabric-protos';

import { type PeerConnection } from './peer-connection.js';

/** The parts of an endorsed transaction that somebody who stands between endorsers and orderer can change. */
export interface Endorsed {
  /** Bytes of peer.ProposalResponsePayload: what the endorsers signed. */
  readonly response: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
}

/**
 * Takes an endorsed transaction apart, lets a test change it, and puts it together again, to be signed by its creator.
 * @param change gets what was endorsed. @returns a transaction with the same id.
 */
export function forge(
  { gateway: client }: PeerConnection,
  transaction: Transaction,
  change: (endorsed: Endorsed) => Endorsed,
): Transaction {
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const envelope = prepared.getEnvelope() ?? new common.Envelope();
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  payload.setData(changeData(payload.getData_asU8(), change));
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(new Uint8Array());
  prepared.setEnvelope(envelope);
  return client.newTransaction(prepared.serializeBinary());
}

/** The same endorsement with one bit of its signature turned. */
export function withBrokenSignature(endorsement: peer.Endorsement): peer.Endorsement {
  const broken = endorsement.clone();
  const signature = Buffer.from(endorsement.getSignature_asU8());
  signature.writeUInt8((signature.at(-1) ?? 0) ^ 1, signature.length - 1);
  broken.setSignature(signature);
  return broken;
}

function changeData(data: Uint8Array, change: (endorsed: Endorsed) => Endorsed): Uint8Array {
  const transaction = peer.Transaction.deserializeBinary(data);
  const [action = new peer.TransactionAction()] = transaction.getActionsList();
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = actionPayload.getAction() ?? new peer.ChaincodeEndorsedAction();
  const changed = change({
    response: endorsed.getProposalResponsePayload_asU8(),
    endorsements: endorsed.getEndorsementsList(),
  });
  endorsed.setProposalResponsePayload(changed.response);
  endorsed.setEndorsementsList([...changed.endorsements]);
  actionPayload.setAction(endorsed);
  action.setPayload(actionPayload.serializeBinary());
  return transaction.serializeBinary();
}
