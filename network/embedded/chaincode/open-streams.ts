import { credentials } from '@grpc/grpc-js';
import { type NetworkPlan } from '../../plan/plan.js';
import { ShimStream } from './shim-stream.js';

/** How long one call of a chaincode may take, milliseconds. Source: chaincode.executetimeout in Fabric's core.yaml. */
const executeTimeoutMs = 30_000;
/** Largest message between peer and chaincode, bytes. Source: Fabric internal/pkg/comm/config.go. */
const messageBytesMax = 100 * 1024 * 1024;

/** One stream for each chaincode that serves the organisation; none is connected yet. */
export function openStreams(plan: NetworkPlan, mspId: string): ReadonlyMap<string, ShimStream> {
  return new Map(
    plan.chaincodes.flatMap(({ name, version, servers }) =>
      servers
        .filter(({ mspIds }) => mspIds.includes(mspId))
        .map(
          ({ address }) =>
            [
              name,
              new ShimStream({
                name: `${name}_${version}`,
                address,
                credentials: credentials.createInsecure(),
                executeTimeoutMs,
                options: {
                  'grpc.max_receive_message_length': messageBytesMax,
                  'grpc.max_send_message_length': messageBytesMax,
                },
              }),
            ] as const,
        ),
    ),
  );
}
