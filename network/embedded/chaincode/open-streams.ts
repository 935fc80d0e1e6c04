import { readFileSync } from 'node:fs';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { type ChaincodeServerPlan, type KeyFiles, type NetworkPlan } from '../../plan/plan.js';
import { ShimStream } from './shim-stream.js';
import { messageLimits } from '../message-limits.js';

/** How long one call of a chaincode may take, milliseconds. Source: chaincode.executetimeout in Fabric's core.yaml. */
const executeTimeoutMs = 30_000;

/**
 * One stream for each chaincode that serves the organisation; none is connected yet.
 * @param peerTls the peer's own TLS certificate, which chaincode servers ask for
 */
export function openStreams(plan: NetworkPlan, mspId: string, peerTls: KeyFiles): ReadonlyMap<string, ShimStream> {
  return new Map(
    plan.chaincodes.flatMap(({ name, version, servers }) =>
      servers
        .filter(({ mspIds }) => mspIds.includes(mspId))
        .map(
          (server) =>
            [
              name,
              new ShimStream({
                name: `${name}_${version}`,
                address: server.address,
                credentials: mutualTls(server, peerTls),
                executeTimeoutMs,
                options: {
                  'grpc.ssl_target_name_override': 'localhost', // Node warns when an address stands as server name.
                  ...messageLimits,
                },
              }),
            ] as const,
        ),
    ),
  );
}

function mutualTls({ tls }: ChaincodeServerPlan, peerTls: KeyFiles): ChannelCredentials {
  return credentials.createSsl(
    readFileSync(tls.caFile),
    readFileSync(peerTls.privateKeyFile),
    readFileSync(peerTls.certificateFile),
  );
}
