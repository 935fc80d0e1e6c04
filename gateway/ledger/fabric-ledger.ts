import { setTimeout as sleep } from 'node:timers/promises';

import { type Gateway, type Transaction } from '@hyperledger/fabric-gateway';
import { gateway as wire } from '@hyperledger/fabric-protos';

import { DomainError } from '../../domain/errors.js';
import { type Wallet } from '../identity/wallet.js';
import { codeName } from './block.js';
import { type CommitNotice, type CommitNotices } from './commit-notices.js';
import { type Connection, DEADLINES_MS, within } from './connection.js';
import { serializeIdentity } from './deliver.js';
import { type InFlight } from './in-flight.js';
import { type LedgerMeter } from './meter.js';
import { type Call, type Ledger, type WriteCall, type Written } from './port.js';
import { isDisagreement, isUnreachable, isWithoutQuorum, toRefusal } from './refusals.js';

/**
 * Attempts at a write by what the one before lost, each a new transaction of the same request. A policy failure has a
 * second one only because of equal requests in one block: the first sets the key's policy, and Fabric then judges the
 * others by a policy not yet committed (core/handlers/validation/builtin/v20/statebased). What is refused for
 * want of endorsements is refused again.
 */
const ATTEMPTS_MAX = {
  MVCC_READ_CONFLICT: 6,
  PHANTOM_READ_CONFLICT: 6,
  ENDORSERS_DISAGREE: 6,
  UNAVAILABLE: 6,
  ENDORSEMENT_POLICY_FAILURE: 2,
} as const;
type RetryReason = keyof typeof ATTEMPTS_MAX;
const BACKOFF_MS = 25;
/** How long a doubtful transaction is asked after before the answer is that nobody knows. */
const DOUBT_DEADLINE_MS = 5_000;
const DOUBT_PAUSE_MS = 250;
/** Validation codes that name a lost race and nothing wrong with the transaction. */
const RACE_CODES: ReadonlySet<string> = new Set(['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT']);

/** What the real ledger is made of. */
export interface FabricLedgerOptions {
  readonly connection: Connection;
  readonly wallet: Wallet;
  readonly ledgerChannel: string;
  readonly chaincode: string;
  readonly notices: CommitNotices;
  readonly inFlight: InFlight;
  readonly meter: LedgerMeter;
}

/** The ledger behind Fabric's gateway service, called as each user's own certificate. */
export class FabricLedger implements Ledger {
  readonly #options: FabricLedgerOptions;

  constructor(options: FabricLedgerOptions) {
    this.#options = options;
  }

  async evaluate(call: Call): Promise<string> {
    try {
      const proposal = this.#propose(call);
      return text(await this.#options.meter.time('evaluate', () => proposal.evaluate()));
    } catch (error) {
      throw toRefusal(error);
    }
  }

  submit(call: WriteCall): Promise<Written> {
    return this.#options.inFlight.run(() => this.#submitWithRetries(call));
  }

  async #submitWithRetries(call: WriteCall): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const reason = retryReason(error);
        if (reason === undefined || attempt >= ATTEMPTS_MAX[reason]) throw toRefusal(error);
        this.#options.meter.retried(reason);
        await sleep(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random())); // Jitter, so that rivals part.
      }
    }
  }

  async #attempt(call: WriteCall): Promise<Written> {
    const { meter, notices } = this.#options;
    const proposal = this.#propose(call);
    const transaction = await meter.time('endorse', () => proposal.endorse());
    const result = text(transaction.getResult());
    const txId = transaction.getTransactionId();
    const writer = call.writtenBy(result) ?? txId;
    if (writer !== txId) {
      // An earlier transaction wrote it, and this one would write nothing: only that one's place is still to be found.
      const { blockNumber } = await this.#askStatus(call.user, writer, DEADLINES_MS.evaluate);
      return { result, txId: writer, blockNumber, fresh: false };
    }
    using expected = notices.expect(txId);
    const committed = await this.#order(call.user, transaction, expected.notice);
    if (committed.code !== 'VALID') throw invalid(committed, txId);
    return { result, txId, blockNumber: committed.blockNumber, fresh: true };
  }

  /** Once an envelope left for the orderers its fate is theirs: no failure from here on means "not committed". */
  async #order(
    user: string,
    transaction: Transaction,
    notice: Promise<CommitNotice | undefined>,
  ): Promise<CommitNotice> {
    const { meter } = this.#options;
    const txId = transaction.getTransactionId();
    try {
      await meter.time('submit', () => transaction.submit());
    } catch (cause) {
      return this.#resolveDoubt(user, txId, cause);
    }
    try {
      return await meter.time('commit', async () => {
        const heard = await before(notice, DEADLINES_MS.commitStatus);
        return heard ?? (await this.#askStatus(user, txId, DEADLINES_MS.commitStatus));
      });
    } catch (cause) {
      return this.#resolveDoubt(user, txId, cause);
    }
  }

  /** Asks after the very same transaction, also a peer that is only just back. @throws OUTCOME_UNKNOWN, ORDERERS_UNAVAILABLE */
  async #resolveDoubt(user: string, txId: string, cause: unknown): Promise<CommitNotice> {
    this.#options.meter.retried('DOUBT');
    const endMs = Date.now() + DOUBT_DEADLINE_MS;
    for (let left = DOUBT_DEADLINE_MS; left > 0; left = endMs - Date.now()) {
      try {
        return await this.#askStatus(user, txId, left);
      } catch {
        await sleep(DOUBT_PAUSE_MS);
      }
    }
    const code = isWithoutQuorum(cause) ? 'ORDERERS_UNAVAILABLE' : 'OUTCOME_UNKNOWN';
    throw new DomainError(code, { txId, retryAfter: 5 }, { cause });
  }

  /** Waits until the peer has committed the transaction, whoever submitted it. */
  async #askStatus(user: string, txId: string, milliseconds: number): Promise<CommitNotice> {
    const request = new wire.CommitStatusRequest();
    request.setTransactionId(txId);
    request.setChannelId(this.#options.ledgerChannel);
    request.setIdentity(serializeIdentity(this.#options.wallet.identity(user)));
    const unsigned = new wire.SignedCommitStatusRequest();
    unsigned.setRequest(request.serializeBinary());
    const commit = this.#gateway(user).newCommit(unsigned.serializeBinary());
    const { code, blockNumber } = await commit.getStatus(within(milliseconds));
    return { code: codeName(code), blockNumber: Number(blockNumber) };
  }

  #propose({ user, transaction, args, transient, organisations }: Call) {
    const network = this.#gateway(user).getNetwork(this.#options.ledgerChannel);
    return network.getContract(this.#options.chaincode).newProposal(transaction, {
      arguments: [...args],
      ...(transient === undefined ? {} : { transientData: { ...transient } }),
      ...(organisations === undefined ? {} : { endorsingOrganizations: [...organisations] }),
    });
  }

  #gateway(user: string): Gateway {
    return this.#options.connection.gatewayOf(user);
  }
}

/** Why another attempt may do better; `undefined` where it would not. */
function retryReason(error: unknown): RetryReason | undefined {
  const code = error instanceof DomainError ? error.details.validationCode : undefined;
  if (typeof code === 'string' && code in ATTEMPTS_MAX) return code as RetryReason;
  if (isDisagreement(error)) return 'ENDORSERS_DISAGREE';
  return isUnreachable(error) ? 'UNAVAILABLE' : undefined;
}

function invalid({ code, blockNumber }: CommitNotice, txId: string): DomainError {
  const details = { txId, blockNumber, validationCode: code };
  return new DomainError(RACE_CODES.has(code) ? 'LEDGER_CONFLICT' : 'LEDGER_REFUSED', details);
}

/** A bare timer: one that is aborted costs more than the rest of the waiting, and every write waits. */
async function before<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, milliseconds).unref();
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
