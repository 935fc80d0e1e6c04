import { common } from '@hyperledger/fabric-protos';
import { type Block } from '../wire/block.js';
import { type ParsedEnvelope, readEnvelope } from '../wire/envelope.js';
import { readTransactionsFilter } from '../wire/metadata.js';
import { Writer } from '../wire/protobuf-writer.js';
import {
  type ChaincodeEvent,
  encodeEvent,
  readChaincodeAction,
  readEndorserTransaction,
  readEvent,
  readResponsePayload,
} from '../wire/transaction.js';
import { WireError } from '../wire/wire-error.js';

/** One transaction as far as its outside goes. `event` is there whatever the verdict. */
export interface TransactionSummary {
  readonly txId: string;
  /** A `common.HeaderType`. */
  readonly type: number;
  /** A `peer.TxValidationCode`. */
  readonly code: number;
  readonly event: ChaincodeEvent | undefined;
}

/** Summaries of a committed block's transactions; envelopes that do not parse are left out, as in Fabric. */
export function summarize(block: Block): TransactionSummary[] {
  const codes = readTransactionsFilter(block);
  return block.envelopes.flatMap((bytes, index) => {
    const envelope = tryRead(() => readEnvelope(bytes));
    if (envelope === undefined) return [];
    const { type, txId } = envelope.channelHeader;
    return [{ txId, type, code: codes[index] ?? 0, event: readEventOf(envelope) }];
  });
}

function readEventOf({ channelHeader, data }: ParsedEnvelope): ChaincodeEvent | undefined {
  if (channelHeader.type !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  return tryRead(() => {
    const { responsePayload } = readEndorserTransaction(data);
    const { events } = readChaincodeAction(readResponsePayload(responsePayload).extension);
    return events.length === 0 ? undefined : readEvent(events);
  });
}

function tryRead<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof WireError) return undefined;
    throw cause;
  }
}

/**
 * Bytes of `peer.FilteredBlock`: ids, verdicts, and events without their payloads.
 * Source: Fabric core/peer/deliverevents.go, blockEvent.toFilteredBlock.
 */
export function encodeFilteredBlock(channelId: string, block: Block): Uint8Array {
  const transactions = summarize(block).map(({ txId, type, code, event }) => {
    const actions = event === undefined ? undefined : encodeActions({ ...event, payload: new Uint8Array() });
    return new Writer().field(1, txId).field(2, type).field(3, code).message(4, actions).bytes();
  });
  return new Writer().field(1, channelId).field(2, block.number).messages(4, transactions).bytes();
}

function encodeActions(event: ChaincodeEvent): Uint8Array {
  const action = new Writer().message(1, encodeEvent(event)).bytes();
  return new Writer().message(1, action).bytes();
}
