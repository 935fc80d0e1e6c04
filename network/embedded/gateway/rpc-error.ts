import { Metadata, type status } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';
import { Any } from 'google-protobuf/google/protobuf/any_pb.js';

/** What one peer or orderer had to say about a call that failed. */
export interface Detail {
  /** `host:port`. */
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** A gRPC status with Fabric's `gateway.ErrorDetail` list; grpc-js sends it as it is. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: status;
  /** gRPC's own name for the message. */
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, message: string, details: readonly Detail[] = []) {
    super(message);
    this.code = code;
    this.details = message;
    this.metadata = new Metadata();
    if (details.length > 0) {
      this.metadata.set('grpc-status-details-bin', Buffer.from(encodeStatus(code, message, details)));
    }
  }
}

function encodeStatus(code: status, message: string, details: readonly Detail[]): Uint8Array {
  const encoded = new google.rpc.Status();
  encoded.setCode(code);
  encoded.setMessage(message);
  for (const detail of details) {
    const item = new gateway.ErrorDetail();
    item.setAddress(detail.address);
    item.setMspId(detail.mspId);
    item.setMessage(detail.message);
    const any = new Any();
    any.pack(item.serializeBinary(), 'gateway.ErrorDetail');
    encoded.addDetails(any);
  }
  return encoded.serializeBinary();
}
