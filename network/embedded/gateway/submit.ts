import { status } from '@grpc/grpc-js';
import { type common, gateway } from '@hyperledger/fabric-protos';
import { BroadcastRefusal } from '../order/broadcast-refusal.js';
import { type GatewayContext } from './context.js';
import { RpcError } from './rpc-error.js';

/**
 * Hands a signed transaction to the orderer; returning means that it will be ordered, not that it is valid.
 * @throws RpcError. Source: Fabric internal/pkg/gateway/submit.go.
 */
export function submit(context: GatewayContext, request: gateway.SubmitRequest): gateway.SubmitResponse {
  const envelope = request.getPreparedTransaction();
  if (envelope === undefined) throw new RpcError(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  if (envelope.getSignature_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  }
  broadcast(context, envelope);
  return new gateway.SubmitResponse();
}

function broadcast({ orderer, broadcast: send }: GatewayContext, envelope: common.Envelope): void {
  try {
    send(envelope.serializeBinary());
  } catch (cause) {
    if (!(cause instanceof BroadcastRefusal)) throw cause;
    const text = `received unsuccessful response from orderer: status=${cause.status}, info=${cause.message}`;
    const details = [{ ...orderer, message: text }];
    if (cause.status === 'SERVICE_UNAVAILABLE') {
      throw new RpcError(status.UNAVAILABLE, 'no orderers could successfully process transaction', details);
    }
    throw new RpcError(status.ABORTED, text, details);
  }
}
