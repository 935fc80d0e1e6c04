import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { parseDigestMap } from '../domain/digests.js';
import { type RegisterRequest } from '../domain/evidence.js';
import { type EvidenceId, parseRequestId } from '../domain/ids.js';
import { parseStatements } from '../domain/statements.js';
import { AuditIndex } from '../gateway/audit/audit-index.js';
import { Follower } from '../gateway/audit/follower.js';
import { bootstrapConsortium } from '../gateway/bootstrap.js';
import { getEvidence, writeEvidence } from '../gateway/evidence.js';
import { Wallet } from '../gateway/identity/wallet.js';
import { CommitNotices } from '../gateway/ledger/commit-notices.js';
import { Connection, openChannel } from '../gateway/ledger/connection.js';
import { openBlockSource } from '../gateway/ledger/deliver.js';
import { FabricLedger } from '../gateway/ledger/fabric-ledger.js';
import { InFlight } from '../gateway/ledger/in-flight.js';
import { readProfile } from '../gateway/ledger/profile.js';
import { SERVICE_USER } from '../cli/gateways.js';
import { pollFor } from '../network/manager/poll.js';
import { type Topology } from '../network/plan/topology.js';

/** A gateway's way to the ledger without its HTTP: wallet, one channel, block follower, audit index. */
export interface BenchClient {
  /** Users whose certificates may write, all of the first organisation. */
  readonly writers: readonly string[];
  /** Records a digest that nobody recorded before, and waits until it is committed. */
  readonly submit: (user: string) => Promise<EvidenceId>;
  /** Reads one record at the organisation's own peer. */
  readonly evaluate: (user: string, id: EvidenceId) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Largest number of calls at the same time that the bench ever makes. */
const inFlightMax = 400;
const connectMs = 10_000;

/** Connects as the first organisation's gateway would, and configures the consortium where that was not done yet. */
export async function openBenchClient(
  dataDir: string,
  { organisations, channel, chaincodes }: Topology,
): Promise<BenchClient> {
  const [home] = organisations;
  if (home === undefined) throw new Error('a topology has an organisation');
  const { mspId, name, domain, users } = home;
  const material = join(dataDir, 'crypto', 'peerOrganizations', domain);
  const wallet = new Wallet(join(material, 'users'), mspId);
  const grpc = openChannel(readProfile(join(material, `connection-${name}.json`), mspId).home);
  const ledgerChannel = channel.name;
  const chaincode = chaincodes[0]?.name ?? '';
  const notices = new CommitNotices();
  const index = new AuditIndex(join(dataDir, 'bench.sqlite'), chaincode);
  const user = `${SERVICE_USER}@${domain}`;
  const source = openBlockSource({ name, channel: grpc, wallet, user, ledgerChannel });
  const follower = new Follower({ source, index, notices, warn: reportBreak, changed: () => undefined });
  const ledger = new FabricLedger({
    connection: new Connection(grpc, wallet),
    wallet,
    ledgerChannel,
    chaincode,
    notices,
    inFlight: new InFlight(inFlightMax),
    meter: { time: (_stage, run) => run(), retried: () => undefined },
  });
  follower.start();
  const named = (role: string) =>
    users.filter(({ attributes }) => attributes['yz.role'] === role).map((each) => `${each.name}@${domain}`);
  const members = organisations.map((each) => each.mspId);
  await bootstrapConsortium(
    ledger,
    { user: named('admin')[0] ?? '', members },
    AbortSignal.timeout(connectMs),
    reportBreak,
  );
  await pollFor(connectMs, () => notices.live || undefined);
  return {
    writers: [...named('clerk'), ...named('notary'), ...named('officer')],
    submit: async (writer) => (await writeEvidence(ledger, writer, 'register', newRequest())).value.id,
    evaluate: async (reader, id) => {
      await getEvidence(ledger, reader, id);
    },
    close: async () => {
      await follower.close();
      grpc.close();
      index.close();
    },
  };
}

function newRequest(): RegisterRequest {
  const name = randomUUID();
  const digest = (algorithm: string) => createHash(algorithm).update(name).digest('hex');
  return {
    requestId: parseRequestId(name),
    digests: parseDigestMap({ 'sha-256': digest('sha256'), sm3: digest('sm3') }),
    kind: 'electronic-data',
    statements: parseStatements({ source: 'own-system' }),
    interest: 'none',
    claimedAt: new Date().toISOString(),
  };
}

function reportBreak(error: unknown): void {
  process.stderr.write(`bench: ${String(error)}\n`);
}
