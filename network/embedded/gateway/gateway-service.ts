import { type handleUnaryCall, type sendUnaryData, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { type gateway } from '@hyperledger/fabric-protos';
import { chaincodeEvents, type EventStream } from './chaincode-events.js';
import { commitStatus } from './commit-status.js';
import { type GatewayContext } from './context.js';
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

/** Serves one peer's gateway. @param onBug is told of errors that are no answer to a caller. */
export function createGatewayService(context: GatewayContext, onBug: (error: unknown) => void): GatewayServer {
  const toRpcError = (error: unknown): RpcError => {
    if (error instanceof RpcError) return error;
    onBug(error);
    return new RpcError(status.INTERNAL, 'internal error of the peer');
  };
  const unary =
    <Request, Response>(answer: (request: Request, signal: AbortSignal) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      const gone = abortOnCancel(call);
      Promise.resolve()
        .then(() => answer(call.request, gone))
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback(gone.aborted ? new RpcError(status.CANCELLED, 'the caller has gone') : toRpcError(error));
          },
        );
    };
  return {
    evaluate: unary((request) => evaluate(context, request)),
    endorse: unary((request) => endorse(context, request)),
    submit: unary((request) => submit(context, request)),
    commitStatus: unary((request, signal) => commitStatus(context, request, signal)),
    chaincodeEvents: (stream) => {
      const gone = abortOnCancel(stream);
      chaincodeEvents(context, stream, gone).then(
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

function abortOnCancel(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const gone = new AbortController();
  call.on('cancelled', () => {
    gone.abort();
  });
  return gone.signal;
}
