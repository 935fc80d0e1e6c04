import { common, peer } from '@hyperledger/fabric-protos';

import { MspError } from '../msp/errors.js';
import type { MspRegistry, SignedMessage } from '../msp/registry.js';
import { type ParsedEnvelope, readChaincodeName, type SignatureHeader } from '../wire/envelope.js';
import { computeProposalHash, computeTxId } from '../wire/proposal.js';
import { remembered } from '../wire/remember.js';
import type { NamespaceRwSet } from '../wire/rwset.js';
import { readTxRwSet } from '../wire/rwset-reader.js';
import {
  type ChaincodeAction,
  endorsedBytes,
  type EndorserTransaction,
  readChaincodeAction,
  readEndorserTransaction,
  readEvent,
  readResponsePayload,
} from '../wire/transaction.js';
import { sameBytes } from '../wire/utf8-order.js';
import { type TxCode, TxRefused } from './tx-code.js';

const { TxValidationCode: Code } = peer;
const { CONFIG, CONFIG_UPDATE, ENDORSER_TRANSACTION } = common.HeaderType;
const readTransactionOnce = remembered(readEndorserTransaction);
const readPayloadOnce = remembered(readResponsePayload);
const readActionOnce = remembered(readChaincodeAction);
const readTxRwSetOnce = remembered(readTxRwSet);
const readStatementsOnce = remembered(readStatements);
const TYPES: readonly number[] = [CONFIG, CONFIG_UPDATE, ENDORSER_TRANSACTION];

/** An endorser transaction whose form, creator and proposal hash have been checked; its policies have not. */
export interface FormedTransaction extends EndorserTransaction {
  readonly action: ChaincodeAction;
  /** What each endorser signed: the response payload followed by its own identity. */
  readonly statements: readonly SignedMessage[];
  readonly rwset: readonly NamespaceRwSet[];
  /** Namespaces whose policies must be met: the invoked chaincode first, then those written, in the set's order. */
  readonly namespaces: readonly string[];
}

/**
 * Checks headers and the creator's signature over the payload. The certificate's expiry is not looked at: a verdict
 * may not depend on the clock. @throws {TxRefused} BAD_COMMON_HEADER or BAD_CREATOR_SIGNATURE
 * Source: core/common/validation/msgvalidation.go, ValidateTransaction.
 */
export function checkCreator(envelope: ParsedEnvelope, channelId: string, msps: MspRegistry): void {
  const { channelHeader, signatureHeader } = envelope;
  if (!TYPES.includes(channelHeader.type) || channelHeader.epoch !== 0n) {
    throw new TxRefused(Code.BAD_COMMON_HEADER, 'unknown type or epoch other than 0');
  }
  checkSignatureHeader(signatureHeader, Code.BAD_COMMON_HEADER);
  // Fabric looks creators of another channel up in that channel, where this peer knows nobody.
  const known = channelHeader.channelId === channelId && signedByCreator(envelope, msps);
  if (!known) throw new TxRefused(Code.BAD_CREATOR_SIGNATURE, 'creator unknown or signature wrong');
}

/**
 * Checks an endorser transaction up to its policies: transaction id, single action, proposal hash, chaincode and
 * namespaces. `isCommitted` tells of the ids in earlier blocks. @throws {TxRefused} @throws {WireError}
 * Source: msgvalidation.go, validateEndorserTransaction; v20/validator.go, checkTxIdDupsLedger; v20/plugindispatcher/
 * dispatcher.go, Dispatch, in this order.
 */
export function readFormed(envelope: ParsedEnvelope, isCommitted: (txId: string) => boolean): FormedTransaction {
  const { channelHeader, signatureHeader } = envelope;
  if (channelHeader.txId !== computeTxId(signatureHeader)) {
    throw new TxRefused(Code.BAD_PROPOSAL_TXID, 'transaction id is not of nonce and creator');
  }
  const transaction = readTransactionOnce(envelope.data);
  checkSignatureHeader(transaction.signatureHeader, Code.INVALID_ENDORSER_TRANSACTION);
  const extension = checkProposalHash(envelope, transaction);
  if (isCommitted(channelHeader.txId)) throw new TxRefused(Code.DUPLICATE_TXID, 'id is in the ledger');
  const invoked = readChaincodeName(channelHeader.extension);
  const action = readActionOnce(extension);
  const rwset = readTxRwSetOnce(action.results);
  checkChaincode(invoked, action);
  checkEvent(action, invoked);
  return {
    ...transaction,
    action,
    statements: readStatementsOnce(transaction),
    rwset,
    namespaces: writtenNamespaces(rwset, invoked ?? ''),
  };
}

function readStatements({ responsePayload, endorsements }: EndorserTransaction): readonly SignedMessage[] {
  return endorsements.map(({ endorser, signature }) => ({
    identity: endorser,
    message: endorsedBytes(responsePayload, endorser),
    signature,
  }));
}

function checkSignatureHeader({ nonce, creator }: SignatureHeader, code: TxCode): void {
  if (nonce.length === 0 || creator.length === 0) throw new TxRefused(code, 'no nonce or no creator');
}

function signedByCreator({ signatureHeader, payload, signature }: ParsedEnvelope, msps: MspRegistry): boolean {
  try {
    return msps.deserialize(signatureHeader.creator).verify(payload, signature);
  } catch (cause) {
    if (cause instanceof MspError) return false;
    throw cause;
  }
}

/** @returns the bytes of the chaincode action that the hash vouches for. */
function checkProposalHash(envelope: ParsedEnvelope, transaction: EndorserTransaction): Uint8Array {
  const { proposalHash, extension } = readPayloadOnce(transaction.responsePayload);
  const { proposalPayload, signatureHeaderBytes } = transaction;
  const { channelHeaderBytes } = envelope;
  const computed = computeProposalHash({ channelHeaderBytes, signatureHeaderBytes }, proposalPayload);
  if (proposalPayload.length === 0 || !sameBytes(computed, proposalHash)) {
    throw new TxRefused(Code.INVALID_ENDORSER_TRANSACTION, 'proposal hash does not match');
  }
  return extension;
}

function checkChaincode(invoked: string | undefined, { chaincodeId }: ChaincodeAction): void {
  if (invoked === undefined || !chaincodeId) throw new TxRefused(Code.INVALID_OTHER_REASON, 'no chaincode is named');
  if (invoked === '' || invoked !== chaincodeId.name || chaincodeId.version === '') {
    throw new TxRefused(Code.INVALID_CHAINCODE, 'chaincode names differ, or there is no version');
  }
}

function checkEvent({ events }: ChaincodeAction, invoked: string | undefined): void {
  if (events.length > 0 && readEvent(events).chaincodeId !== invoked) {
    throw new TxRefused(Code.INVALID_OTHER_REASON, 'event of another chaincode');
  }
}

/**
 * Fabric takes a collection without a name for the public keys, so that its hashes would be keys; such a set is refused
 * here, together with namespaces that occur twice.
 */
function writtenNamespaces(rwset: readonly NamespaceRwSet[], invoked: string): string[] {
  const names = rwset.map(({ namespace }) => namespace);
  const nameless = rwset.some(({ collections }) => collections.some(({ collection }) => collection === ''));
  if (new Set(names).size !== names.length || nameless) {
    throw new TxRefused(Code.ILLEGAL_WRITESET, 'a namespace occurs twice, or a collection has no name');
  }
  return [...new Set([invoked, ...rwset.filter(writesAnything).map(({ namespace }) => namespace)])];
}

function writesAnything({ writes, metadataWrites, collections }: NamespaceRwSet): boolean {
  return [{ writes, metadataWrites }, ...collections].some(
    (part) => part.writes.length > 0 || part.metadataWrites.length > 0,
  );
}
