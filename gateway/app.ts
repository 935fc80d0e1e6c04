import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type Client } from '@grpc/grpc-js';
import pino, { type Logger } from 'pino';

import { AuditIndex } from './audit/audit-index.js';
import { Follower } from './audit/follower.js';
import { AuditQuery } from './audit/query.js';
import { Tokens } from './auth/tokens.js';
import { bootstrapConsortium } from './bootstrap.js';
import { type GatewayConfig } from './config.js';
import { createApp } from './http/server.js';
import { Wallet } from './identity/wallet.js';
import { CommitNotices } from './ledger/commit-notices.js';
import { Connection, openChannel } from './ledger/connection.js';
import { openBlockSource } from './ledger/deliver.js';
import { FabricLedger } from './ledger/fabric-ledger.js';
import { InFlight } from './ledger/in-flight.js';
import { type PeerAddress, readProfile } from './ledger/profile.js';
import { createMetrics } from './metrics.js';
import { type GatewayParts } from './parts.js';

const DAY_MS = 86_400_000;
/** How long requests under way may take to end when the gateway closes. */
const DRAIN_MS = 5_000;
/** A request's headers and body must be there by then; a write itself may take longer. */
const REQUEST_DEADLINE_MS = 30_000;

/** A gateway that listens. */
export interface Gateway {
  readonly name: string;
  /** `http://host:port`, with the port that was taken. */
  readonly url: string;
  /** Lets requests under way end, then frees port, channels and file. */
  readonly close: () => Promise<void>;
}

/**
 * Starts one gateway. It listens as soon as its files are read; the network need not be there, and is looked for again
 * by itself. @throws {ConfigError} CONFIG_INVALID; {Error} where the port is taken or the index cannot be opened.
 */
export async function createGateway(
  config: GatewayConfig,
  options: { readonly logger?: Logger } = {},
): Promise<Gateway> {
  const logger = (options.logger ?? pino({ base: null })).child({ gateway: config.name });
  const { parts, channels } = assemble(config, logger);
  const server = createServer({ requestTimeout: REQUEST_DEADLINE_MS }, createApp(parts));
  const stop = new AbortController();
  const close = async (): Promise<void> => {
    stop.abort();
    await closeServer(server);
    await parts.follower.close();
    for (const channel of channels) channel.close();
    parts.index.close();
  };
  try {
    server.listen(config.listen.port, config.listen.host);
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  parts.follower.start();
  if (config.bootstrap !== undefined) {
    void bootstrapConsortium(parts.ledger, config.bootstrap, stop.signal, (error) => {
      logger.error({ err: error }, 'the consortium could not be configured');
    });
  }
  const { port } = server.address() as AddressInfo;
  return { name: config.name, url: `http://${config.listen.host}:${port}`, close };
}

function assemble(config: GatewayConfig, logger: Logger): { parts: GatewayParts; channels: readonly Client[] } {
  const wallet = new Wallet(config.users, config.mspId);
  const tokens = new Tokens(config.issuer);
  const peers = readProfile(config.connectionProfile, config.mspId);
  const channels: Client[] = [];
  const open = (peer: PeerAddress): Client => {
    const channel = openChannel(peer);
    channels.push(channel);
    return channel;
  };
  const sourceOf = (name: string, channel: Client) =>
    openBlockSource({ name, channel, wallet, user: config.serviceUser, ledgerChannel: config.channel });
  const notices = new CommitNotices();
  const inFlight = new InFlight(config.limits.inFlight);
  const channel = open(peers.home);
  const home = sourceOf(peers.home.name, channel);
  const index = new AuditIndex(config.database, config.chaincode);
  const warn = (error: unknown): void => {
    logger.warn({ err: error }, 'the block stream broke off');
  };
  const follower = new Follower({ source: home, index, notices, warn });
  const metrics = createMetrics(config.name, {
    inFlight: () => inFlight.now,
    lagBlocks: () => follower.lagBlocks(),
    certificateDaysLeft: () => (wallet.identity(config.serviceUser).validToMs - Date.now()) / DAY_MS,
  });
  const ledger = new FabricLedger({
    connection: new Connection(channel, wallet),
    wallet,
    ledgerChannel: config.channel,
    chaincode: config.chaincode,
    notices,
    inFlight,
    meter: metrics.meter,
  });
  const others = peers.others.map((peer) => sourceOf(peer.name, open(peer)));
  const query = new AuditQuery(index);
  return { parts: { config, logger, metrics, wallet, tokens, ledger, home, others, index, query, follower }, channels };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
