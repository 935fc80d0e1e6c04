import { type Logger } from 'pino';

import { type AuditIndex } from './audit/audit-index.js';
import { type Follower } from './audit/follower.js';
import { type LiveFeed } from './audit/live-feed.js';
import { type PeerWatch } from './audit/peer-watch.js';
import { type AuditQuery } from './audit/query.js';
import { type Tokens } from './auth/tokens.js';
import { type GatewayConfig } from './config.js';
import { type Wallet } from './identity/wallet.js';
import { type BlockSource, type Ledger } from './ledger/port.js';
import { type JobDesk } from './outbox/outbox.js';
import { type Receipts } from './receipts/receipts.js';
import { type Metrics } from './metrics.js';

/** What the routes of one gateway work with. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly wallet: Wallet;
  readonly tokens: Tokens;
  readonly ledger: Ledger;
  /** The home peer's blocks. */
  readonly home: BlockSource;
  /** The other peers of the connection profile, for comparison only. */
  readonly others: readonly BlockSource[];
  readonly peers: PeerWatch;
  readonly index: AuditIndex;
  readonly query: AuditQuery;
  readonly feed: LiveFeed;
  readonly follower: Follower;
  /** Absent where this gateway issues no receipts. */
  readonly receipts?: Receipts;
  /** Absent where this gateway makes everybody wait for the ledger. */
  readonly outbox?: JobDesk;
}
