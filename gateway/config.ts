import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import { type IssuerConfig, isLoopback, issuerSchema } from './auth/issuer-config.js';
import { ConfigError } from './config-error.js';

/** Bounds of one gateway; each may be set in its configuration file. */
const LIMIT_DEFAULTS = {
  /** Largest request body, bytes. */
  bodyBytes: 32 * 1024,
  /** Largest request body for a batch, bytes: as many leaves as the contract takes. */
  batchBodyBytes: 128 * 1024,
  /** Largest receipt that is sent to be verified, bytes: an auditor's carries a whole block. */
  receiptBodyBytes: 1024 * 1024,
  /** Largest file that is hashed here for somebody who cannot, bytes. */
  fileBodyBytes: 64 * 1024 * 1024,
  /** Writes under way at the same time; a Fabric peer's own gateway stops at 500. */
  inFlight: 400,
  /** Requests a minute from one address without a token. */
  publicPerMinute: 600,
  /** Requests a minute from one user. */
  userPerMinute: 12_000,
  /** How many blocks the index may be behind its peer before `/readyz` says no. */
  lagBlocks: 20,
} as const;

const count = z.number().int().positive();

const limitsSchema = z.strictObject({
  bodyBytes: count.default(LIMIT_DEFAULTS.bodyBytes),
  batchBodyBytes: count.default(LIMIT_DEFAULTS.batchBodyBytes),
  receiptBodyBytes: count.default(LIMIT_DEFAULTS.receiptBodyBytes),
  fileBodyBytes: count.default(LIMIT_DEFAULTS.fileBodyBytes),
  inFlight: count.default(LIMIT_DEFAULTS.inFlight),
  publicPerMinute: count.default(LIMIT_DEFAULTS.publicPerMinute),
  userPerMinute: count.default(LIMIT_DEFAULTS.userPerMinute),
  lagBlocks: count.default(LIMIT_DEFAULTS.lagBlocks),
});

const text = z.string().min(1);

const receiptsSchema = z.strictObject({
  /** What was issued, a file of SQLite. Not derived: see docs/runbook.md before it is deleted. */
  database: text,
  /** How many organisations sign a receipt; all of them where there are fewer. */
  organisations: z.number().int().min(1).max(8).default(3),
  /** How old the heartbeat may be that shows how fresh an answer is, milliseconds; 0: this gateway never beats. */
  heartbeatMs: z.number().int().min(0).default(5_000),
  /** Peers and gateways that a trust root lists, so that compact receipts may name them. Certificates: files of PEM. */
  identities: z.array(z.strictObject({ mspId: text, certificate: text })).default([]),
  /** Address of the page that a certificate's code leads to; its fragment carries the receipt. */
  verifyPage: z.url({ protocol: /^https?$/ }).optional(),
  /** 区块链信息服务备案编号, printed on certificates. */
  filing: text.max(64).optional(),
  /** An RFC 3161 authority that stamps every receipt, and whose certificate (a file of PEM) verifiers are to trust. */
  timestamp: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      certificate: text,
      /** Policies (object identifiers) of tokens that are admitted; none admits all. */
      policies: z.array(z.string().regex(/^\d+(\.\d+)+$/, 'an object identifier in numbers')).default([]),
    })
    .optional(),
  /** The organisation's SM2 seal, which every receipt then carries: certificate and private key, files of PEM. */
  seal: z.strictObject({ certificate: text, key: text }).optional(),
});

const outboxSchema = z.strictObject({
  /** Writes that were accepted, a file of SQLite. Not derived: what is open in it stands nowhere else. */
  database: text,
  /** Jobs that wait or are under way, at most. */
  openMax: count.default(10_000),
  /** Jobs under way at the same time; part of `limits.inFlight`. */
  running: count.default(50),
  /** How long the outcome of a job can be asked for, days. */
  keepDays: count.default(30),
});

const memberSchema = z.strictObject({
  /** For people and log lines, such as `chongqing`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, at most 32'),
  mspId: text,
  /** Port 0 takes a free one. */
  listen: z.strictObject({ host: text, port: z.number().int().min(0).max(65_535) }),
  /** Fabric's common connection profile, JSON. */
  connectionProfile: text,
  channel: text,
  chaincode: text,
  /** The users' folder in cryptogen's layout. */
  users: text,
  /** Who reads for the public and follows the blocks. */
  serviceUser: text,
  /** The audit index, a file of SQLite. Derived: it may be deleted, and is rebuilt from the chain. */
  database: text,
  /** Absent where this gateway issues no receipts. */
  receipts: receiptsSchema.optional(),
  /** Where writes are kept that nobody waits for; absent: every writer waits. */
  outbox: outboxSchema.optional(),
  /** Folder of the built pages (`dist/web`), which need not be there; absent where this gateway serves none. */
  pages: text.optional(),
  issuer: issuerSchema,
  limits: limitsSchema.default(() => limitsSchema.parse({})),
  /** What people read beside MSP ids. Nobody signs them: they are this gateway's word. */
  titles: z.record(text, z.strictObject({ zh: text.max(40), en: text.max(80) })).default({}),
  /** Set where this gateway configures a consortium that has no members yet. */
  bootstrap: z.strictObject({ user: text, members: z.array(text).min(1) }).optional(),
});

/** Whoever reaches the development issuer is whom they like, so nobody else's machine may. */
const configSchema = memberSchema.refine(
  ({ issuer, listen }) => issuer.developmentKeyFile === undefined || isLoopback(listen.host),
  { path: ['issuer', 'developmentKeyFile'], message: 'only where listen.host is this machine alone, 127.0.0.1' },
);

/** One gateway's configuration; all paths are absolute. */
export type GatewayConfig = z.infer<typeof configSchema>;

/** How a gateway issues receipts, as {@link GatewayConfig} holds it. */
export type ReceiptsConfig = z.infer<typeof receiptsSchema>;

/** How a gateway keeps writes that nobody waits for, as {@link GatewayConfig} holds it. */
export type OutboxConfig = z.infer<typeof outboxSchema>;

/** The bounds of one gateway, as {@link GatewayConfig} holds them. */
export type GatewayLimits = GatewayConfig['limits'];

/** @param path of a JSON file; relative paths inside it start at its folder. @throws {ConfigError} CONFIG_INVALID */
export function readConfig(path: string): GatewayConfig {
  const config = ConfigError.parse(configSchema, path);
  const absolute = (inner: string): string => resolve(dirname(path), inner);
  return {
    ...config,
    connectionProfile: absolute(config.connectionProfile),
    users: absolute(config.users),
    database: absolute(config.database),
    issuer: absoluteIssuer(config.issuer, absolute),
    ...(config.pages !== undefined && { pages: absolute(config.pages) }),
    ...(config.outbox && { outbox: { ...config.outbox, database: absolute(config.outbox.database) } }),
    ...(config.receipts && { receipts: absoluteReceipts(config.receipts, absolute) }),
  };
}

function absoluteIssuer(issuer: IssuerConfig, absolute: (inner: string) => string): IssuerConfig {
  const { jwksFile, developmentKeyFile } = issuer;
  return {
    ...issuer,
    ...(jwksFile !== undefined && { jwksFile: absolute(jwksFile) }),
    ...(developmentKeyFile !== undefined && { developmentKeyFile: absolute(developmentKeyFile) }),
  };
}

function absoluteReceipts(receipts: ReceiptsConfig, absolute: (inner: string) => string): ReceiptsConfig {
  const { database, identities, timestamp, seal } = receipts;
  return {
    ...receipts,
    database: absolute(database),
    identities: identities.map(({ mspId, certificate }) => ({ mspId, certificate: absolute(certificate) })),
    ...(timestamp && { timestamp: { ...timestamp, certificate: absolute(timestamp.certificate) } }),
    ...(seal && { seal: { certificate: absolute(seal.certificate), key: absolute(seal.key) } }),
  };
}
