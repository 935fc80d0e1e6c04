import { type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { common, orderer } from '@hyperledger/fabric-protos';
import { type DeliverContext, serveBlocks } from '../deliver/deliver-service.js';
import { BroadcastRefusal } from './broadcast-refusal.js';

type BroadcastStream = ServerDuplexStream<common.Envelope, orderer.BroadcastResponse>;

/** `orderer.AtomicBroadcast` with deliver responses as bytes; status and block have the field numbers of a peer's. */
export const atomicBroadcastDefinition = {
  broadcast: orderer.AtomicBroadcastService.broadcast,
  deliver: {
    ...orderer.AtomicBroadcastService.deliver,
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  },
};

/**
 * Serves the orderer's own protocol, for clients that speak to it without a gateway.
 * @param broadcast orders one envelope. @throws nothing: refusals are answers. Source: Fabric orderer/common/broadcast.
 */
export function createAtomicBroadcast(
  broadcast: (envelope: Uint8Array) => void,
  deliver: DeliverContext,
): UntypedServiceImplementation {
  const serveBroadcast = (stream: BroadcastStream) => {
    stream.on('data', (envelope: common.Envelope) => {
      if (stream.writableEnded) return;
      const response = answer(broadcast, envelope.serializeBinary());
      stream.write(response);
      if (response.getStatus() !== common.Status.SUCCESS) stream.end(); // A refusal is the last word on a stream.
    });
    stream.on('error', () => {
      stream.end();
    });
    stream.on('end', () => {
      stream.end();
    });
  };
  return { broadcast: serveBroadcast, deliver: serveBlocks(deliver) };
}

function answer(broadcast: (envelope: Uint8Array) => void, envelope: Uint8Array): orderer.BroadcastResponse {
  const response = new orderer.BroadcastResponse();
  response.setStatus(common.Status.SUCCESS);
  try {
    broadcast(envelope);
  } catch (cause) {
    if (!(cause instanceof BroadcastRefusal)) throw cause;
    response.setStatus(common.Status[cause.status]);
    response.setInfo(cause.message);
  }
  return response;
}
