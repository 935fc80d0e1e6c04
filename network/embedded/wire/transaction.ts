import { readSignatureHeader, type SignatureHeader } from './envelope.js';
import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { readingPart, WireError } from './wire-error.js';

/** peer.Endorsement: `endorser` is msp.SerializedIdentity bytes; `signature` covers the response payload + endorser. */
export interface Endorsement {
  readonly endorser: Uint8Array;
  readonly signature: Uint8Array;
}

/** What an endorser signs: the response payload followed by its own identity. */
export function endorsedBytes(responsePayload: Uint8Array, endorser: Uint8Array): Uint8Array {
  return Buffer.concat([responsePayload, endorser]);
}

/** peer.ChaincodeID. */
export interface ChaincodeId {
  readonly name: string;
  readonly version: string;
}

/** peer.Response: status 200..399 is success. */
export interface Response {
  readonly status: number;
  readonly message: string;
  readonly payload: Uint8Array;
}

/** peer.ChaincodeAction, what an endorser says happened. `results` is read by `readTxRwSet`, `events` by `readEvent`. */
export interface ChaincodeAction {
  readonly results: Uint8Array;
  readonly events: Uint8Array;
  readonly response: Response;
  readonly chaincodeId: ChaincodeId | undefined;
}

/** peer.ChaincodeEvent. */
export interface ChaincodeEvent {
  readonly chaincodeId: string;
  readonly txId: string;
  readonly eventName: string;
  readonly payload: Uint8Array;
}

/** peer.ProposalResponsePayload; `extension` is read by `readChaincodeAction`. */
export interface ProposalResponsePayload {
  readonly proposalHash: Uint8Array;
  readonly extension: Uint8Array;
}

/**
 * The one action of an endorser transaction. `proposalPayload` is peer.ChaincodeProposalPayload without the transient
 * map; `responsePayload` is the signed peer.ProposalResponsePayload, as bytes.
 */
export interface EndorserTransaction {
  readonly signatureHeaderBytes: Uint8Array;
  readonly signatureHeader: SignatureHeader;
  readonly proposalPayload: Uint8Array;
  readonly responsePayload: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}

/**
 * Reads peer.Transaction, the data of an ENDORSER_TRANSACTION envelope. @throws {WireError} BAD_TRANSACTION, also for
 * none or several actions (core/common/validation/msgvalidation.go, validateEndorserTransaction).
 */
export function readEndorserTransaction(data: Uint8Array): EndorserTransaction {
  return readingPart('BAD_TRANSACTION', () => {
    const [actionBytes, ...others] = new Fields(data).allBytes(1);
    if (actionBytes === undefined || others.length > 0)
      throw new WireError('BAD_TRANSACTION', 'not exactly one action');
    const transactionAction = new Fields(actionBytes);
    const payload = new Fields(transactionAction.bytes(2));
    const action = payload.message(2);
    if (action === undefined) throw new WireError('BAD_TRANSACTION', 'no endorsed action');
    const fields = new Fields(action);
    return {
      signatureHeaderBytes: transactionAction.bytes(1),
      signatureHeader: readSignatureHeader(transactionAction.bytes(1)),
      proposalPayload: payload.bytes(1),
      responsePayload: fields.bytes(1),
      endorsements: fields.allBytes(2).map(readEndorsement),
    };
  });
}

/** Bytes of peer.Transaction. */
export function encodeEndorserTransaction(transaction: Omit<EndorserTransaction, 'signatureHeader'>): Uint8Array {
  const endorsements = transaction.endorsements.map(({ endorser, signature }) =>
    new Writer().field(1, endorser).field(2, signature).bytes(),
  );
  const action = new Writer().field(1, transaction.responsePayload).messages(2, endorsements).bytes();
  const payload = new Writer().field(1, transaction.proposalPayload).message(2, action).bytes();
  const transactionAction = new Writer().field(1, transaction.signatureHeaderBytes).field(2, payload).bytes();
  return new Writer().message(1, transactionAction).bytes();
}

/** Reads peer.ProposalResponsePayload. @throws {WireError} BAD_TRANSACTION */
export function readResponsePayload(bytes: Uint8Array): ProposalResponsePayload {
  return readingPart('BAD_TRANSACTION', () => {
    const fields = new Fields(bytes);
    return { proposalHash: fields.bytes(1), extension: fields.bytes(2) };
  });
}

/** Bytes of peer.ProposalResponsePayload: what endorsers sign, followed by their identity. */
export function encodeResponsePayload(payload: ProposalResponsePayload): Uint8Array {
  return new Writer().field(1, payload.proposalHash).field(2, payload.extension).bytes();
}

/** Reads peer.ChaincodeAction. @throws {WireError} BAD_ACTION, also when there are no bytes. */
export function readChaincodeAction(extension: Uint8Array): ChaincodeAction {
  return readingPart('BAD_ACTION', () => {
    if (extension.length === 0) throw new WireError('BAD_ACTION', 'no chaincode action');
    const fields = new Fields(extension);
    const chaincodeId = fields.message(4);
    return {
      results: fields.bytes(1),
      events: fields.bytes(2),
      response: readResponse(fields.message(3) ?? new Uint8Array(0)),
      chaincodeId: chaincodeId && readChaincodeId(chaincodeId),
    };
  });
}

/** Bytes of peer.ChaincodeAction. */
export function encodeChaincodeAction(action: ChaincodeAction): Uint8Array {
  const { response, chaincodeId } = action;
  const id = chaincodeId && new Writer().field(2, chaincodeId.name).field(3, chaincodeId.version).bytes();
  return new Writer()
    .field(1, action.results)
    .field(2, action.events)
    .message(3, new Writer().field(1, response.status).field(2, response.message).field(3, response.payload).bytes())
    .message(4, id)
    .bytes();
}

/** Reads peer.ChaincodeEvent. @throws {WireError} BAD_EVENT */
export function readEvent(bytes: Uint8Array): ChaincodeEvent {
  return readingPart('BAD_EVENT', () => {
    const fields = new Fields(bytes);
    return { chaincodeId: fields.text(1), txId: fields.text(2), eventName: fields.text(3), payload: fields.bytes(4) };
  });
}

/** Bytes of peer.ChaincodeEvent. */
export function encodeEvent(event: ChaincodeEvent): Uint8Array {
  return new Writer()
    .field(1, event.chaincodeId)
    .field(2, event.txId)
    .field(3, event.eventName)
    .field(4, event.payload)
    .bytes();
}

function readEndorsement(bytes: Uint8Array): Endorsement {
  const fields = new Fields(bytes);
  return { endorser: fields.bytes(1), signature: fields.bytes(2) };
}

function readChaincodeId(bytes: Uint8Array): ChaincodeId {
  const fields = new Fields(bytes);
  fields.text(1); // The path is not used, but Go refuses it when it is not UTF-8.
  return { name: fields.text(2), version: fields.text(3) };
}

function readResponse(bytes: Uint8Array): Response {
  const fields = new Fields(bytes);
  return { status: fields.int32(1), message: fields.text(2), payload: fields.bytes(3) };
}
