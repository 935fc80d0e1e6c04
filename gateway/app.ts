import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import pino, { type Logger } from 'pino';

import { AuditIndex } from './audit/audit-index.js';
import { Follower } from './audit/follower.js';
import { LiveFeed } from './audit/live-feed.js';
import { PeerWatch } from './audit/peer-watch.js';
import { AuditQuery } from './audit/query.js';
import { Tokens } from './auth/tokens.js';
import { bootstrapConsortium } from './bootstrap.js';
import { type GatewayConfig } from './config.js';
import { createApp } from './http/server.js';
import { Wallet } from './identity/wallet.js';
import { CommitNotices } from './ledger/commit-notices.js';
import { openFabric } from './ledger/fabric.js';
import { InFlight } from './ledger/in-flight.js';
import { readProfile } from './ledger/profile.js';
import { createMetrics } from './metrics.js';
import { type GatewayParts } from './parts.js';
import { openOutbox } from './outbox/open-outbox.js';
import { type Outbox } from './outbox/outbox.js';
import { openReceipts } from './receipts/receipts.js';

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
  const { parts, outbox, closeFabric } = assemble(config, logger);
  const server = createServer({ requestTimeout: REQUEST_DEADLINE_MS }, createApp(parts));
  const stop = new AbortController();
  const close = async (): Promise<void> => {
    stop.abort();
    parts.feed.close();
    await closeServer(server);
    await outbox?.close();
    await parts.follower.close();
    closeFabric();
    parts.receipts?.close();
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
  outbox?.start();
  if (config.bootstrap !== undefined) {
    void bootstrapConsortium(parts.ledger, config.bootstrap, stop.signal, (error) => {
      logger.error({ err: error }, 'the consortium could not be configured');
    });
  }
  const { port } = server.address() as AddressInfo;
  return { name: config.name, url: `http://${config.listen.host}:${port}`, close };
}

function assemble(
  config: GatewayConfig,
  logger: Logger,
): { parts: GatewayParts; outbox: Outbox | undefined; closeFabric: () => void } {
  const wallet = new Wallet(config.users, config.mspId);
  const tokens = new Tokens(config.issuer);
  const peers = readProfile(config.connectionProfile, config.mspId);
  const index = new AuditIndex(config.database, config.chaincode);
  const notices = new CommitNotices();
  const inFlight = new InFlight(config.limits.inFlight);
  const metrics = createMetrics(config.name, {
    inFlight: () => inFlight.now,
    lagBlocks: () => follower.lagBlocks(),
    openJobs: () => outbox?.open ?? 0,
    certificateDaysLeft: () => (wallet.identity(config.serviceUser).validToMs - Date.now()) / DAY_MS,
  });
  const onSilence = (silentMs: number): void => {
    logger.warn({ silentMs }, 'the peer was silent; its channel was given up for a new one');
  };
  const options = { config, peers, wallet, notices, inFlight, meter: metrics.meter, onSilence };
  const { close: closeFabric, ...reach } = openFabric(options);
  const warn = (error: unknown): void => {
    logger.warn({ err: error }, 'the block stream broke off');
  };
  const query = new AuditQuery(index);
  const feed = new LiveFeed(query);
  const changed = (): void => {
    feed.notify();
  };
  const follower = new Follower({ source: reach.home, index, notices, warn, changed });
  const receipts = config.receipts && openReceipts(config, config.receipts, reach, query, wallet);
  const { ledger, home, others } = reach;
  const watch = new PeerWatch([home, ...others], query);
  const common = {
    config,
    logger,
    metrics,
    wallet,
    tokens,
    index,
    query,
    feed,
    follower,
    ledger,
    home,
    others,
    peers: watch,
  };
  const parts = { ...common, ...(receipts && { receipts }) };
  const outbox = config.outbox && openOutbox(config.outbox, parts);
  return { parts: { ...parts, ...(outbox && { outbox }) }, outbox, closeFabric };
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
