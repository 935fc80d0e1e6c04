import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { checkAccess } from './access.js';
import { type ContextOf } from './context.js';
import { RpcError } from './rpc-error.js';

/**
 * Waits until this peer has committed a transaction and tells its verdict; a rejected one is an answer, not an error.
 * @param signal ends the wait when the caller has gone. @throws RpcError
 * Source: Fabric internal/pkg/gateway/commitstatus.go.
 */
export async function commitStatus(
  contextOf: ContextOf,
  signed: gateway.SignedCommitStatusRequest,
  signal: AbortSignal,
): Promise<gateway.CommitStatusResponse> {
  const bytes = signed.getRequest_asU8();
  if (bytes.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'a commit status request is required');
  const request = readRequest(bytes);
  const identity = request.getIdentity_asU8();
  if (identity.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'no identity provided');
  if (request.getChannelId() === '') throw new RpcError(status.INVALID_ARGUMENT, 'no channel ID provided');
  if (request.getTransactionId() === '') {
    throw new RpcError(status.INVALID_ARGUMENT, 'transaction ID should not be empty');
  }
  const context = contextOf(request.getChannelId());
  checkAccess(context.channel(), request.getChannelId(), {
    identity,
    message: bytes,
    signature: signed.getSignature_asU8(),
  });
  const committed = await context.local.waitForTransaction(request.getTransactionId(), signal);
  const response = new gateway.CommitStatusResponse();
  response.setResult(committed.code);
  response.setBlockNumber(Number(committed.blockNumber));
  return response;
}

function readRequest(bytes: Uint8Array): gateway.CommitStatusRequest {
  try {
    return gateway.CommitStatusRequest.deserializeBinary(bytes);
  } catch {
    throw new RpcError(status.INVALID_ARGUMENT, 'invalid status request: not a CommitStatusRequest');
  }
}
