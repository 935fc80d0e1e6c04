import { common, peer } from '@hyperledger/fabric-protos';

import type { ChannelConfig } from '../config/channel-config.js';
import { checkConfigEnvelope } from '../config/update/apply-update.js';
import { UpdateRefusal } from '../config/update/update-refusal.js';
import type { Block } from '../wire/block.js';
import { type ParsedEnvelope, readEnvelope } from '../wire/envelope.js';
import { remembered } from '../wire/remember.js';
import { readTransactionsFilter } from '../wire/metadata.js';
import type { NamespaceRwSet } from '../wire/rwset.js';
import { WireError } from '../wire/wire-error.js';
import { ApplicationPolicies } from './application-policies.js';
import { BlockUpdates } from './block-updates.js';
import { CommitError } from './commit-error.js';
import type { FindDefinition } from './definitions.js';
import { EndorsementJudge } from './judge-endorsements.js';
import { checkCreator, readFormed } from './judge-form.js';
import { judgeReads } from './mvcc.js';
import { configRwSet, readRwSet } from './read-rwset.js';
import type { StateView } from './state-view.js';
import { CODE_OF_BAD_PART, type TxCode, TxRefused } from './tx-code.js';

const { TxValidationCode: Code } = peer;
const readEnvelopeOnce = remembered(readEnvelope);

/** What a verdict may depend on besides the block: never a clock, never who asks. */
export interface JudgeContext {
  readonly channel: ChannelConfig;
  /** State after the block before. */
  readonly state: StateView;
  /** Whether an earlier block of the ledger holds the id, valid or not. */
  readonly isCommitted: (txId: string) => boolean;
  /** How definitions are found in that state; `readDefinition` where nobody remembers them. */
  readonly definitionOf?: FindDefinition;
}

/**
 * A transaction with its code. `envelope` is undefined when the bytes do not parse, `txId` then ''. `rwset` is what a
 * valid transaction does, and is empty in every other.
 */
export interface JudgedTransaction {
  readonly code: TxCode;
  readonly txId: string;
  readonly envelope: ParsedEnvelope | undefined;
  readonly rwset: readonly NamespaceRwSet[];
}

/** One entry a transaction in `transactions` and `codes`; `updates` is the state after the block. */
export interface Verdicts {
  readonly transactions: readonly JudgedTransaction[];
  readonly codes: readonly TxCode[];
  readonly updates: BlockUpdates;
}

/**
 * Judges every transaction of a block as a Fabric 3.1 peer does: form, creator, id, endorsements, then ids repeated in
 * the block, then reads. Pure: equal arguments give equal verdicts on every peer. Block 0 is the channel's own root of
 * trust and is not judged; a later CONFIG envelope must follow from the configuration before it and a signed update.
 * @throws {CommitError} DEFINITION_CORRUPT when the state cannot answer. Source: core/committer/txvalidator/v20 and
 * core/ledger/kvledger/txmgmt/validation; the functions called name the files.
 */
export async function judgeBlock(block: Block, context: JudgeContext): Promise<Verdicts> {
  const judge = new EndorsementJudge(
    context.channel.msps,
    new ApplicationPolicies(context.channel, context.state, context.definitionOf),
    context.state,
  );
  const judgeOne = (bytes: Uint8Array): JudgedTransaction =>
    block.number === 0n ? judgeGenesis(bytes) : judgeAlone(bytes, context, judge);
  return settle(block, refuseRepeatedIds(block.envelopes.map(judgeOne)), context.state, true);
}

/**
 * The updates of a block whose codes are already known, from its metadata: for recovery, where judging again would
 * need the configuration and the ids of that time. @throws {CommitError} BLOCK_MISMATCH when codes are missing or a
 * valid transaction does not parse.
 */
export async function replayBlock(block: Block, state: StateView): Promise<Verdicts> {
  const codes = readTransactionsFilter(block);
  if (codes.length !== block.envelopes.length) {
    throw new CommitError('BLOCK_MISMATCH', `block ${block.number} has ${codes.length} codes`);
  }
  const transactions = block.envelopes.map((bytes, i) => readJudged(bytes, (codes[i] ?? Code.NOT_VALIDATED) as TxCode));
  return settle(block, transactions, state, false);
}

/** Applies the valid transactions one after the other, judging their reads first when `judging`. */
async function settle(
  block: Block,
  transactions: readonly JudgedTransaction[],
  state: StateView,
  judging: boolean,
): Promise<Verdicts> {
  const updates = new BlockUpdates(state);
  const settled: JudgedTransaction[] = [];
  for (const [txIndex, transaction] of transactions.entries()) {
    const { rwset } = transaction;
    const code = judging && transaction.code === Code.VALID ? await judgeReads(rwset, updates) : transaction.code;
    if (code === Code.VALID) updates.apply(rwset, { blockNumber: block.number, txIndex });
    settled.push(code === Code.VALID ? transaction : { ...transaction, code, rwset: [] });
  }
  return { transactions: settled, codes: settled.map(({ code }) => code), updates };
}

function judgeAlone(bytes: Uint8Array, context: JudgeContext, judge: EndorsementJudge): JudgedTransaction {
  let envelope: ParsedEnvelope | undefined;
  try {
    envelope = readEnvelopeOnce(bytes);
    const { channelId, msps } = context.channel;
    checkCreator(envelope, channelId, msps);
    return judged(envelope, Code.VALID, judgeContent(envelope, context, judge));
  } catch (cause) {
    if (cause instanceof TxRefused) return judged(envelope, cause.code);
    if (cause instanceof WireError) return judged(envelope, CODE_OF_BAD_PART[cause.code]);
    throw cause;
  }
}

function judgeContent(
  envelope: ParsedEnvelope,
  context: JudgeContext,
  judge: EndorsementJudge,
): readonly NamespaceRwSet[] {
  const { type } = envelope.channelHeader;
  if (type === common.HeaderType.CONFIG) {
    checkConfig(envelope, context.channel);
    return configRwSet(envelope);
  }
  if (type !== common.HeaderType.ENDORSER_TRANSACTION) {
    throw new TxRefused(Code.UNSUPPORTED_TX_PAYLOAD, 'a configuration update does not belong in a block');
  }
  const transaction = readFormed(envelope, context.isCommitted);
  judge.check(transaction);
  return transaction.rwset;
}

/** Fabric stops the channel at a configuration that does not follow from the one before; here its transaction is refused. */
function checkConfig({ data }: ParsedEnvelope, channel: ChannelConfig): void {
  try {
    checkConfigEnvelope(channel, data);
  } catch (cause) {
    if (!(cause instanceof UpdateRefusal)) throw cause;
    throw new TxRefused(Code.INVALID_CONFIG_TRANSACTION, cause.message, { cause });
  }
}

function judgeGenesis(bytes: Uint8Array): JudgedTransaction {
  return readJudged(bytes, Code.VALID);
}

/** Reads a transaction that was judged before. */
function readJudged(bytes: Uint8Array, code: TxCode): JudgedTransaction {
  try {
    const envelope = readEnvelopeOnce(bytes);
    return judged(envelope, code, code === Code.VALID ? readRwSet(envelope) : []);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    if (code !== Code.VALID) return judged(undefined, code);
    throw new CommitError('BLOCK_MISMATCH', 'a transaction marked valid does not parse', { cause });
  }
}

function judged(
  envelope: ParsedEnvelope | undefined,
  code: TxCode,
  rwset: readonly NamespaceRwSet[] = [],
): JudgedTransaction {
  return { code, envelope, txId: envelope?.channelHeader.txId ?? '', rwset };
}

/** Of several valid endorser transactions with one id the first stands (v20/validator.go, markTXIdDuplicates). */
function refuseRepeatedIds(transactions: readonly JudgedTransaction[]): JudgedTransaction[] {
  const seen = new Set<string>();
  return transactions.map((transaction) => {
    const { code, txId, envelope } = transaction;
    const counts = envelope?.channelHeader.type === common.HeaderType.ENDORSER_TRANSACTION && code === Code.VALID;
    if (counts && seen.has(txId)) return judged(envelope, Code.DUPLICATE_TXID);
    if (counts) seen.add(txId);
    return transaction;
  });
}
