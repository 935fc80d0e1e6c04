import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportJWK, generateKeyPair, type CryptoKey, type JWTPayload, SignJWT } from 'jose';
import pino from 'pino';

import { AuditIndex } from '../../../../gateway/audit/audit-index.js';
import { Follower } from '../../../../gateway/audit/follower.js';
import { LiveFeed } from '../../../../gateway/audit/live-feed.js';
import { PeerWatch } from '../../../../gateway/audit/peer-watch.js';
import { AuditQuery } from '../../../../gateway/audit/query.js';
import { Tokens } from '../../../../gateway/auth/tokens.js';
import { type GatewayConfig, type GatewayLimits } from '../../../../gateway/config.js';
import { createApp } from '../../../../gateway/http/server.js';
import { Wallet } from '../../../../gateway/identity/wallet.js';
import { CommitNotices } from '../../../../gateway/ledger/commit-notices.js';
import { createMetrics } from '../../../../gateway/metrics.js';
import { openOutbox } from '../../../../gateway/outbox/open-outbox.js';
import { type Outbox } from '../../../../gateway/outbox/outbox.js';
import { type GatewayParts } from '../../../../gateway/parts.js';
import { CHAINCODE, FakePeer } from './blocks.js';
import { FakeLedger } from './fake-ledger.js';
import { createIdentity, createUser, writeUser } from './identities.js';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'yinzheng';
const USERS = ['clerk', 'notary', 'officer', 'issuer', 'auditor', 'admin'] as const;

type BenchParts = GatewayParts & { readonly ledger: FakeLedger; readonly home: FakePeer; outbox: Outbox };
/** Small enough to be filled. */
const OUTBOX = { openMax: 20, running: 4, keepDays: 30 } as const;

/** Paths of the issuer's keys, public and private. */
interface KeyFiles {
  readonly jwksFile: string;
  readonly keyFile: string;
}

/** A gateway's whole HTTP side over a real socket; only the ledger and the peers are in memory. */
export class GatewayBench {
  readonly parts: BenchParts;
  /** Every line the gateway logged. */
  readonly logged: string[];
  url = '';
  readonly #folder: string;
  readonly #privateKey: CryptoKey;
  #server: Server | undefined;

  private constructor(folder: string, parts: BenchParts, privateKey: CryptoKey, logged: string[]) {
    this.#folder = folder;
    this.#privateKey = privateKey;
    this.parts = parts;
    this.logged = logged;
  }

  get ledger(): FakeLedger {
    return this.parts.ledger;
  }

  get peer(): FakePeer {
    return this.parts.home;
  }

  /** @param more of the configuration, beside what the bench needs itself. */
  static async start(
    limits: Partial<GatewayLimits> = {},
    more: (files: KeyFiles) => Partial<GatewayConfig> = () => ({}),
  ): Promise<GatewayBench> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
    const users = join(folder, 'users');
    for (const role of USERS) writeUser(users, `${role}@chongqing.example`, await createUser(`${role}-07`, role));
    writeUser(users, 'gateway@chongqing.example', await createIdentity('gateway', undefined));
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwksFile = join(folder, 'jwks.json');
    const keyFile = join(folder, 'key.json');
    writeFileSync(keyFile, JSON.stringify({ ...(await exportJWK(privateKey)), kid: '1' }));
    writeFileSync(jwksFile, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256' }] }));
    const logged: string[] = [];
    const parts = assemble(folder, users, jwksFile, { limits, more: more({ jwksFile, keyFile }) }, logged);
    const bench = new GatewayBench(folder, parts, privateKey, logged);
    parts.outbox.start();
    bench.#server = createServer(createApp(parts, misfit)).listen(0, '127.0.0.1');
    await once(bench.#server, 'listening');
    bench.url = `http://127.0.0.1:${(bench.#server.address() as AddressInfo).port}`;
    return bench;
  }

  async close(): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.parts.feed.close();
    await this.parts.outbox.close();
    await this.parts.follower.close();
    this.parts.index.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Ends the outbox, and opens it again after `between`, as a gateway that is started anew does; routes keep the first. */
  async restartOutbox(between: () => void): Promise<void> {
    await this.parts.outbox.close();
    between();
    this.parts.outbox = openOutbox({ ...OUTBOX, database: join(this.#folder, 'outbox.sqlite') }, this.parts);
    this.parts.outbox.start();
  }

  /** A token of the issuer for `role@chongqing.example`, with what differs. */
  token(role: string, claims: JWTPayload = {}, key: CryptoKey = this.#privateKey, kid = '1'): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: ISSUER, aud: AUDIENCE, sub: `${role}@chongqing.example`, iat: now, exp: now + 300 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
  }

  /** Calls as a role, or as nobody where `role` is undefined. */
  async call(
    role: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(role === undefined ? {} : { authorization: `Bearer ${await this.token(role)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as never) };
  }
}

function assemble(
  folder: string,
  users: string,
  jwksFile: string,
  { limits, more }: { readonly limits: Partial<GatewayLimits>; readonly more: Partial<GatewayConfig> },
  logged: string[],
): BenchParts {
  const wallet = new Wallet(users, 'ChongqingMSP');
  const issuer = { issuer: ISSUER, audience: AUDIENCE, jwksFile, userClaim: 'sub', scope: 'openid' };
  const index = new AuditIndex(join(folder, 'index.sqlite'), CHAINCODE);
  const home = new FakePeer('peer0.chongqing.example', []);
  const query = new AuditQuery(index);
  const feed = new LiveFeed(query);
  const follower = new Follower({
    source: home,
    index,
    notices: new CommitNotices(),
    warn: () => undefined,
    changed: () => {
      feed.notify();
    },
  });
  const parts = {
    config: {
      name: 'chongqing',
      mspId: 'ChongqingMSP',
      listen: { host: '127.0.0.1', port: 0 },
      connectionProfile: '',
      channel: 'yinzheng',
      chaincode: CHAINCODE,
      users,
      serviceUser: 'gateway@chongqing.example',
      titles: { ChongqingMSP: { zh: '重庆市', en: 'Chongqing' } },
      database: '',
      issuer,
      limits: {
        bodyBytes: 2_048,
        batchBodyBytes: 8_192,
        receiptBodyBytes: 8_192,
        fileBodyBytes: 8_192,
        inFlight: 10,
        publicPerMinute: 1_000,
        userPerMinute: 1_000,
        lagBlocks: 2,
        ...limits,
      },
      ...more,
    },
    logger: pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    metrics: createMetrics('chongqing', {
      inFlight: () => 0,
      lagBlocks: () => follower.lagBlocks(),
      openJobs: () => 0,
      certificateDaysLeft: () => 1,
    }),
    wallet,
    tokens: new Tokens(more.issuer ?? issuer),
    ledger: new FakeLedger((user) => wallet.identity(user).actor()),
    home,
    others: [],
    peers: new PeerWatch([home], query),
    index,
    query,
    feed,
    follower,
  };
  return { ...parts, outbox: openOutbox({ ...OUTBOX, database: join(folder, 'outbox.sqlite') }, parts) };
}

/** In tests an answer that does not fit the OpenAPI document is a bug that is seen. */
function misfit(request: string, fault: object): never {
  throw new Error(`the answer of ${request} does not fit gateway/openapi.yaml: ${JSON.stringify(fault)}`);
}
