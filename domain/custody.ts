import { type Actor, parseMspId, UNIT_SHAPE } from './actor.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { type Fields, optional, readFields, readFlag, readRequest, readShape, readWord } from './fields.js';
import {
  type EntryId,
  type EvidenceId,
  parseEntryId,
  parseEvidenceId,
  parseRequestId,
  type RequestId,
  type TxId,
} from './ids.js';
import { parseUnitCode } from './unit-code.js';

/** 移交目的 and 调取目的, ISO/IEC 27037 clause 6.1: why evidence changed hands or was looked at. */
export const CUSTODY_PURPOSES = [
  'transfer-of-case',
  'examination',
  'notarisation',
  'court-hearing',
  'archiving',
  'return',
] as const;
export type CustodyPurpose = (typeof CUSTODY_PURPOSES)[number];

/** Whoever answers for a record: a unit of an organisation, not a person. */
export interface Holder {
  readonly mspId: string;
  readonly unit: string;
}

export interface HandOverRequest {
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  readonly to: Holder;
  readonly purpose: CustodyPurpose;
  /** Salted SHA-256 of the document that authorises it. */
  readonly authorityDigest?: DigestHex;
}

/** The receiver signs (`accepted`) or does not (`declined`); the giver may take back an offer (`withdrawn`). */
export const TRANSFER_ANSWERS = ['accepted', 'declined', 'withdrawn'] as const;
export type TransferAnswer = (typeof TRANSFER_ANSWERS)[number];

export interface AnswerTransferRequest {
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  readonly transferId: EntryId;
  readonly answer: TransferAnswer;
}

/** A hand-over: the giver's signature opens it, the receiver's closes it; with one signature only it stays `pending`. */
export type Transfer = {
  readonly schema: 'transfer/1';
  readonly id: EntryId;
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  /** Place among the record's hand-overs, from 1, in ledger order; offers that came to nothing count too. */
  readonly sequence: number;
  readonly from: Holder;
  readonly to: Holder;
  readonly purpose: CustodyPurpose;
  readonly authorityDigest?: DigestHex;
  readonly giver: Actor;
  readonly txId: TxId;
  readonly txTime: string;
} & (
  | { readonly state: 'pending' }
  | {
      readonly state: TransferAnswer;
      readonly answeredBy: Actor;
      readonly answerRequestId: RequestId;
      readonly answerTxId: TxId;
      readonly answerTxTime: string;
    }
);

/** Who holds a record now, and the offer that waits for a signature. One key per record. */
export interface Custody {
  readonly schema: 'custody/1';
  readonly evidenceId: EvidenceId;
  readonly holder: Holder;
  /** Hand-overs so far, answered or not: the `sequence` of the latest one. */
  readonly transferCount: number;
  readonly pending?: EntryId;
}

export interface AccessRequest {
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  readonly purpose: CustodyPurpose;
  readonly authorityDigest?: DigestHex;
  /** Whether the access changed the medium unavoidably; then its justification's salted digest is required. */
  readonly changed: boolean;
  readonly justificationDigest?: DigestHex;
}

/** 调取记录: who accessed the original, for what, under which authority. */
export interface Access extends AccessRequest {
  readonly schema: 'access/1';
  readonly id: EntryId;
  readonly actor: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseHandOverRequest(value: unknown): HandOverRequest {
  const fields = readRequest(value, ['requestId', 'evidenceId', 'to', 'purpose', 'authorityDigest']);
  return { ...readEntry(fields), to: parseReceiver(fields.to) };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseAnswerTransferRequest(value: unknown): AnswerTransferRequest {
  const fields = readRequest(value, ['requestId', 'evidenceId', 'transferId', 'answer']);
  return {
    requestId: parseRequestId(fields.requestId),
    evidenceId: parseEvidenceId(fields.evidenceId),
    transferId: parseEntryId('CT', fields.transferId),
    answer: readWord(fields.answer, TRANSFER_ANSWERS, 'answer'),
  };
}

/** @throws REQUEST_MALFORMED, also where a change is declared without its justification; ID_MALFORMED, DIGEST_MALFORMED */
export function parseAccessRequest(value: unknown): AccessRequest {
  const fields = readRequest(value, [
    'requestId',
    'evidenceId',
    'purpose',
    'authorityDigest',
    'changed',
    'justificationDigest',
  ]);
  const changed = readFlag(fields.changed, 'changed');
  const justification = fields.justificationDigest;
  const required = changed ? parseSaltedDigest(justification) : undefined;
  return {
    ...readEntry(fields),
    changed,
    ...optional(
      'justificationDigest',
      required ?? (justification === undefined ? undefined : parseSaltedDigest(justification)),
    ),
  };
}

function readEntry(fields: Fields) {
  return {
    requestId: parseRequestId(fields.requestId),
    evidenceId: parseEvidenceId(fields.evidenceId),
    purpose: readWord(fields.purpose, CUSTODY_PURPOSES, 'purpose'),
    ...optional(
      'authorityDigest',
      fields.authorityDigest === undefined ? undefined : parseSaltedDigest(fields.authorityDigest),
    ),
  };
}

/** The unit a request names: by its code only, so that no free text reaches the chain. */
function parseReceiver(value: unknown): Holder {
  const { mspId, unit } = readFields(value, ['mspId', 'unit'], 'to');
  return { mspId: parseMspId(mspId, 'to.mspId'), unit: parseUnitCode(unit, 'to.unit') };
}

/** A holder as the chain wrote it down; its unit came from a certificate and may be a name. @throws REQUEST_MALFORMED */
export function parseStoredHolder(value: unknown, where: string): Holder {
  const { mspId, unit } = readFields(value, ['mspId', 'unit'], where);
  return {
    mspId: parseMspId(mspId, `${where}.mspId`),
    unit: readShape(unit, UNIT_SHAPE, `${where}.unit`, 'a unit code or name'),
  };
}

/**
 * Whether the accepted transfers of a record form one chain from its first holder to the present one.
 * @param transfers accepted ones in ledger order. @returns the index of the first transfer that does not begin where
 * the one before ended (`CUSTODY_GAP`), or `undefined` where there is no hole.
 */
export function findCustodyGap(first: Holder, transfers: readonly Transfer[], current: Holder): number | undefined {
  let holder = first;
  for (const [index, transfer] of transfers.entries()) {
    if (transfer.state !== 'accepted' || !sameHolder(transfer.from, holder)) return index;
    holder = transfer.to;
  }
  return sameHolder(holder, current) ? undefined : transfers.length;
}

/** Whether two holders are the same unit of the same organisation. */
export function sameHolder(a: Holder, b: Holder): boolean {
  return a.mspId === b.mspId && a.unit === b.unit;
}
