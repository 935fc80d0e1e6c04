import { type ServerWritableStream, status } from '@grpc/grpc-js';
import { gateway, orderer, peer } from '@hyperledger/fabric-protos';
import { summarize } from '../deliver/filtered-block.js';
import { readBlock } from '../wire/block.js';
import { type ChaincodeEvent } from '../wire/transaction.js';
import { checkAccess } from './access.js';
import { type ContextOf, type GatewayContext } from './context.js';
import { RpcError } from './rpc-error.js';

const { VALID } = peer.TxValidationCode;

/** A stream of one chaincode's events. */
export type EventStream = ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

/**
 * Sends one message for each block that holds events of VALID transactions of the chaincode, in ledger order, until
 * the caller has gone. @throws RpcError. Source: Fabric internal/pkg/gateway/chaincodeevents.go.
 */
export async function chaincodeEvents(contextOf: ContextOf, stream: EventStream, signal: AbortSignal): Promise<void> {
  const request = readRequest(stream.request);
  const context = contextOf(request.getChannelId());
  checkAccess(context.channel(), request.getChannelId(), {
    identity: request.getIdentity_asU8(),
    message: stream.request.getRequest_asU8(),
    signature: stream.request.getSignature_asU8(),
  });
  const matches = createMatcher(request.getChaincodeId(), request.getAfterTransactionId());
  for await (const { number, bytes } of context.local.blocks(startBlock(context, request), signal)) {
    const events = summarize(readBlock(bytes)).flatMap(({ code, event }) =>
      code === VALID && event !== undefined && matches(event) ? [event] : [],
    );
    if (events.length > 0 && !stream.write(encodeResponse(number, events))) await drained(stream, signal);
  }
}

function readRequest(signed: gateway.SignedChaincodeEventsRequest): gateway.ChaincodeEventsRequest {
  const bytes = signed.getRequest_asU8();
  if (bytes.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  try {
    return gateway.ChaincodeEventsRequest.deserializeBinary(bytes);
  } catch {
    throw new RpcError(status.INVALID_ARGUMENT, 'invalid chaincode events request: not a ChaincodeEventsRequest');
  }
}

function startBlock({ local }: GatewayContext, request: gateway.ChaincodeEventsRequest): bigint {
  const after = request.getAfterTransactionId();
  const found = after === '' ? undefined : local.blockNumberOf(after);
  return found ?? positionOf(request.getStartPosition(), local.height);
}

function positionOf(position: orderer.SeekPosition | undefined, height: bigint): bigint {
  if (position === undefined) return height;
  const { NEXT_COMMIT, SPECIFIED, TYPE_NOT_SET } = orderer.SeekPosition.TypeCase;
  const form = position.getTypeCase();
  if (form === SPECIFIED) return BigInt(position.getSpecified()?.getNumber() ?? 0);
  if (form === NEXT_COMMIT || form === TYPE_NOT_SET) return height;
  throw new RpcError(status.INVALID_ARGUMENT, 'invalid start position type');
}

/** Events up to and including the given transaction are skipped. */
function createMatcher(chaincode: string, afterTxId: string): (event: ChaincodeEvent) => boolean {
  let passed = afterTxId === '';
  return (event) => {
    if (passed) return event.chaincodeId === chaincode;
    passed = event.txId === afterTxId;
    return false;
  };
}

function encodeResponse(number: bigint, events: readonly ChaincodeEvent[]): gateway.ChaincodeEventsResponse {
  const response = new gateway.ChaincodeEventsResponse();
  response.setBlockNumber(Number(number));
  for (const { chaincodeId, txId, eventName, payload } of events) {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId(chaincodeId);
    event.setTxId(txId);
    event.setEventName(eventName);
    event.setPayload(payload);
    response.addEvents(event);
  }
  return response;
}

async function drained(stream: EventStream, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.once('drain', resolve);
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
