import { readFileSync } from 'node:fs';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { type ChaincodePlan, type ChaincodeServerPlan, type KeyFiles, type NetworkPlan } from '../../plan/plan.js';
import { type Connection } from '../packages/chaincode-package.js';
import { type ServerLife, ShimStream } from './shim-stream.js';
import { messageLimits } from '../message-limits.js';

/** A server that is being started is tried again soon; it is a process on this machine. */
const reconnectMs = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 500 } as const;

/** What is known of a server that was started. @param server its name in the plan. */
export type LifeOf = (server: string) => ServerLife | undefined;

/** A peer as a chaincode server sees it. */
export interface ChaincodeCaller {
  readonly mspId: string;
  /** The peer's own TLS certificate, which chaincode servers ask for. */
  readonly tls: KeyFiles;
  readonly runtimeParams: NetworkPlan['runtimeParams'];
  /** How long one call of a chaincode may take, milliseconds. */
  readonly executeTimeoutMs: number;
}

/** One stream for each chaincode that serves the peer's organisation; none is connected yet. */
export function openStreams(
  chaincodes: readonly ChaincodePlan[],
  caller: ChaincodeCaller,
  lifeOf: LifeOf,
): Map<string, ShimStream> {
  return new Map(
    chaincodes.flatMap((chaincode) => {
      const stream = openStream(chaincode, caller, lifeOf);
      return stream === undefined ? [] : [[chaincode.name, stream] as const];
    }),
  );
}

/** A stream to the server that serves the peer's organisation; `undefined` where none does. */
export function openStream(
  { name, version, servers }: ChaincodePlan,
  { mspId, tls, runtimeParams, executeTimeoutMs }: ChaincodeCaller,
  lifeOf: LifeOf,
): ShimStream | undefined {
  const server = servers.find(({ mspIds }) => mspIds.includes(mspId));
  if (server === undefined) return undefined;
  const life = lifeOf(server.name);
  return new ShimStream({
    name: `${name}_${version}`,
    address: server.address,
    credentials: mutualTls(server, tls),
    executeTimeoutMs,
    runtimeParams,
    ...(life === undefined ? {} : { life }),
    options: {
      'grpc.ssl_target_name_override': 'localhost', // Node warns when an address stands as server name.
      ...messageLimits,
      ...reconnectMs,
    },
  });
}

/** A stream to a server that a package names. */
export function openServiceStream(
  { packageId, connection }: { readonly packageId: string; readonly connection: Connection },
  { runtimeParams, executeTimeoutMs }: Pick<ChaincodeCaller, 'runtimeParams' | 'executeTimeoutMs'>,
): ShimStream {
  const { address, tls } = connection;
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  const secured = tls && credentials.createSsl(pem(tls.root), pem(tls.client?.key), pem(tls.client?.certificate));
  return new ShimStream({
    name: packageId,
    address,
    credentials: secured ?? credentials.createInsecure(),
    executeTimeoutMs,
    runtimeParams,
    options: { ...messageLimits, ...reconnectMs },
  });
}

function mutualTls({ tls }: ChaincodeServerPlan, peerTls: KeyFiles): ChannelCredentials {
  return credentials.createSsl(
    readFileSync(tls.caFile),
    readFileSync(peerTls.privateKeyFile),
    readFileSync(peerTls.certificateFile),
  );
}
