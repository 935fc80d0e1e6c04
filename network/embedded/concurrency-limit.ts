import {
  type handleUnaryCall,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

type Stream = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/**
 * A service that refuses calls above a number that are under way, with the status and the words of a Fabric peer.
 * @param max calls, streams included; 0 sets no limit
 * Source: Fabric internal/peer/node/grpc_limiters.go; peer.limits.concurrency in core.yaml.
 */
export function limitConcurrency(
  max: number,
  definition: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): UntypedServiceImplementation {
  if (max === 0) return implementation;
  const [name = ''] = Object.values(definition).map(({ path }) => path.slice(0, path.lastIndexOf('/')));
  let underWay = 0;
  const refusal = {
    code: status.UNKNOWN, // A plain error of Go's.
    details: `too many requests for ${name}, exceeding concurrency limit (${max})`,
  };
  /** @returns what ends the call, and does nothing when it is called again; `undefined` where it may not begin. */
  const begin = (): (() => void) | undefined => {
    if (underWay >= max) return undefined;
    underWay += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
    };
  };
  const unary =
    (handle: handleUnaryCall<unknown, unknown>): handleUnaryCall<unknown, unknown> =>
    (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
      const end = begin();
      if (end === undefined) {
        callback(refusal);
        return;
      }
      handle(call, (...answer) => {
        end();
        callback(...answer);
      });
    };
  const stream = (handle: (of: Stream) => void) => (of: Stream) => {
    const end = begin();
    if (end === undefined) {
      of.emit('error', refusal); // grpc-js turns it into the call's status.
      return;
    }
    for (const event of ['finish', 'cancelled', 'error', 'close']) of.once(event, end);
    handle(of);
  };
  const limited = Object.entries(implementation).map(([method, handle]) => {
    const wrapped = definition[method]?.responseStream
      ? stream(handle as unknown as (of: Stream) => void)
      : unary(handle as handleUnaryCall<unknown, unknown>);
    return [method, wrapped as UntypedHandleCall] as const;
  });
  return Object.fromEntries(limited);
}
