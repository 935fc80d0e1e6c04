import { peer } from '@hyperledger/fabric-protos';
import { type Response } from '../wire/transaction.js';

/** A chaincode's answer as the message that services and the shim send. */
export function encodeResponse({ status, message, payload }: Response): peer.Response {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  response.setPayload(payload);
  return response;
}
