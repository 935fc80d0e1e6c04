import './quiet-logs.js'; // Before everything that loads fabric-shim.
import { readFileSync } from 'node:fs';
import { JSONSerializer } from 'fabric-contract-api';
import { type ChaincodeServerOpts } from 'fabric-shim';
import { BatchingServer } from './batching-server.js';
import { Dispatcher } from './dispatcher.js';
import { contracts } from './index.js';
import { readServerSettings, type ServerSettings } from './server-settings.js';

/** Of `fabric-chaincode-node server`: notices a peer that went away, without troubling one that is only idle. */
const KEEPALIVE = {
  'grpc.keepalive_time_ms': 110_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 1,
} as const;

async function serve(): Promise<void> {
  const { address, chaincodeId, tls } = readServerSettings(process.env);
  const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };
  const options = { address, ccid: chaincodeId, ...KEEPALIVE, ...(tls && { tlsProps: readTls(tls) }) };
  // Its types demand TLS, which it does not.
  const server = new BatchingServer(
    new Dispatcher(contracts, serializers, {}, 'yinzheng', '1'),
    options as ChaincodeServerOpts,
  );
  await server.start();
  process.off('unhandledRejection', fail); // From here on fabric-shim logs them: one broken stream is not the end.
  process.stdout.write(`chaincode listens on ${address}\n`);
}

function readTls({ certFile, keyFile, clientCaFile }: NonNullable<ServerSettings['tls']>) {
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCaFile === undefined ? {} : { clientCACerts: readFileSync(clientCaFile) }),
  };
}

// A peer whose stream breaks fails the transactions in flight and connects again: there is nothing to wait for.
process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));

process.on('unhandledRejection', fail);
serve().catch(fail);

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'chaincode failed to start'}\n`);
  process.exit(1);
}
