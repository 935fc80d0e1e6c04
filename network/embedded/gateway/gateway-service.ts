import { type handleUnaryCall, type sendUnaryData, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { type gateway } from '@hyperledger/fabric-protos';
import { chaincodeEvents, type EventStream } from './chaincode-events.js';
import { commitStatus } from './commit-status.js';
import { type ContextOf } from './context.js';
import { endorse } from './endorse.js';
import { evaluate } from './evaluate.js';
import { RpcError } from './rpc-error.js';
import { submit } from './submit.js';

/** The five methods of `gateway.Gateway`, for `grpc.Server.addService`. */
export interface GatewayServer {
  evaluate: handleUnaryCall<gateway.EvaluateRequest, gateway.EvaluateResponse>;
  endorse: handleUnaryCall<gateway.EndorseRequest, gateway.EndorseResponse>;
  submit: handleUnaryCall<gateway.SubmitRequest, gateway.SubmitResponse>;
  commitStatus: handleUnaryCall<gateway.SignedCommitStatusRequest, gateway.CommitStatusResponse>;
  chaincodeEvents: (stream: EventStream) => void;
}

/** Serves one peer's gateway on all its channels. @param onBug is told of errors that are no answer to a caller. */
export function createGatewayService(contextOf: ContextOf, onBug: (error: unknown) => void): GatewayServer {
  const toRpcError = (error: unknown): RpcError => {
    if (error instanceof RpcError) return error;
    onBug(error);
    return new RpcError(status.INTERNAL, 'internal error of the peer');
  };
  const unary =
    <Request, Response>(answer: (request: Request, call: Cancellable) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      Promise.resolve()
        .then(() => answer(call.request, call))
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback(call.cancelled ? new RpcError(status.CANCELLED, 'the caller has gone') : toRpcError(error));
          },
        );
    };
  return {
    evaluate: unary((request) => evaluate(contextOf, request)),
    endorse: unary((request) => endorse(contextOf, request)),
    submit: unary((request) => submit(contextOf(request.getChannelId()), request)),
    commitStatus: unary((request, call) => commitStatus(contextOf, request, abortOnCancel(call))),
    chaincodeEvents: (stream) => {
      const gone = abortOnCancel(stream);
      chaincodeEvents(contextOf, stream, gone).then(
        () => {
          stream.end();
        },
        (error: unknown) => {
          if (!gone.aborted) stream.emit('error', toRpcError(error)); // grpc-js turns it into the call's status.
        },
      );
    },
  };
}

/** A call whose caller may go away. */
interface Cancellable {
  on(event: 'cancelled', listener: () => void): unknown;
}

function abortOnCancel(call: Cancellable): AbortSignal {
  const gone = new AbortController();
  call.on('cancelled', () => {
    gone.abort();
  });
  return gone.signal;
}
