import { type Actor, parseStoredActor } from './actor.js';
import {
  CUSTODY_PURPOSES,
  type CustodyPurpose,
  type Holder,
  parseStoredHolder,
  TRANSFER_ANSWERS,
  type TransferAnswer,
} from './custody.js';
import { type DigestHex, type DigestMap, parseDigestMap, parseSaltedDigest } from './digests.js';
import { EVIDENCE_EVENT_KINDS, type EvidenceEventKind } from './evidence-view.js';
import { EVIDENCE_KINDS, type EvidenceKind } from './evidence.js';
import { type Fields, optional, readFields, readFlag, readInstant, readRequest, readWord } from './fields.js';
import { type EntryId, type EvidenceId, parseEntryId, parseEvidenceId } from './ids.js';
import { OBJECTION_DECISIONS, OBJECTION_GROUNDS, type ObjectionDecision, type ObjectionGround } from './objection.js';

/** What an index needs of a record that was registered. */
export interface RecordFacts {
  readonly digests: DigestMap;
  readonly evidenceKind: EvidenceKind;
  readonly caseReference?: DigestHex;
}

interface Moved {
  readonly entryId: EntryId;
  readonly from: Holder;
  readonly to: Holder;
}

/**
 * Payload of a chaincode event, canonical JSON; the event's name is its `kind`. `evidenceId` names the record that
 * the act was about: after a correction the old one, while `successor` is the new record, whose facts stand beside it.
 */
export type EvidenceEvent = { readonly evidenceId: EvidenceId; readonly actor: Actor; readonly txTime: string } & (
  | ({ readonly kind: 'evidence.registered' } & RecordFacts)
  | ({ readonly kind: 'evidence.superseded'; readonly successor: EvidenceId } & RecordFacts)
  | { readonly kind: 'evidence.objected'; readonly entryId: EntryId; readonly ground: ObjectionGround }
  | { readonly kind: 'evidence.decided'; readonly entryId: EntryId; readonly decision: ObjectionDecision }
  | ({ readonly kind: 'evidence.handed-over'; readonly purpose: CustodyPurpose } & Moved)
  | ({ readonly kind: 'evidence.transfer-answered'; readonly answer: TransferAnswer } & Moved)
  | {
      readonly kind: 'evidence.accessed';
      readonly entryId: EntryId;
      readonly purpose: CustodyPurpose;
      readonly changed: boolean;
    }
);

const RECORD = ['digests', 'evidenceKind', 'caseReference'] as const;

/** The members each kind has beside `kind`, `evidenceId`, `actor` and `txTime`. */
const MEMBERS: Readonly<Record<EvidenceEventKind, readonly string[]>> = {
  'evidence.registered': RECORD,
  'evidence.superseded': ['successor', ...RECORD],
  'evidence.objected': ['entryId', 'ground'],
  'evidence.decided': ['entryId', 'decision'],
  'evidence.handed-over': ['entryId', 'from', 'to', 'purpose'],
  'evidence.transfer-answered': ['entryId', 'from', 'to', 'answer'],
  'evidence.accessed': ['entryId', 'purpose', 'changed'],
};

const COMMON = ['kind', 'evidenceId', 'actor', 'txTime'] as const;

/**
 * Reads an event's payload, strictly: an unknown kind or member is refused, because an index that skips what it does
 * not know would silently differ from the chain.
 * @param value text of JSON or a parsed value.
 * @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, ALGORITHM_REFUSED, ACTOR_MALFORMED
 */
export function parseEvidenceEvent(value: unknown): EvidenceEvent {
  const all = readRequest(value, [...COMMON, ...Object.values(MEMBERS).flat()], 'event');
  const kind = readWord(all.kind, EVIDENCE_EVENT_KINDS, 'event.kind');
  const fields = readFields(all, [...COMMON, ...MEMBERS[kind]], 'event');
  const common = {
    evidenceId: parseEvidenceId(fields.evidenceId),
    actor: parseStoredActor(fields.actor),
    txTime: readInstant(fields.txTime, 'event.txTime'),
  };
  switch (kind) {
    case 'evidence.registered':
      return { kind, ...common, ...readRecordFacts(fields) };
    case 'evidence.superseded':
      return { kind, ...common, successor: parseEvidenceId(fields.successor), ...readRecordFacts(fields) };
    case 'evidence.objected':
      return { kind, ...common, ...objection(fields), ground: readWord(fields.ground, OBJECTION_GROUNDS, 'ground') };
    case 'evidence.decided':
      return {
        kind,
        ...common,
        ...objection(fields),
        decision: readWord(fields.decision, OBJECTION_DECISIONS, 'decision'),
      };
    case 'evidence.handed-over':
      return { kind, ...common, ...moved(fields), purpose: readWord(fields.purpose, CUSTODY_PURPOSES, 'purpose') };
    case 'evidence.transfer-answered':
      return { kind, ...common, ...moved(fields), answer: readWord(fields.answer, TRANSFER_ANSWERS, 'answer') };
    case 'evidence.accessed':
      return {
        kind,
        ...common,
        entryId: parseEntryId('AC', fields.entryId),
        purpose: readWord(fields.purpose, CUSTODY_PURPOSES, 'purpose'),
        changed: readFlag(fields.changed, 'changed'),
      };
  }
}

function readRecordFacts(fields: Fields): RecordFacts {
  return {
    digests: parseDigestMap(fields.digests),
    evidenceKind: readWord(fields.evidenceKind, EVIDENCE_KINDS, 'evidenceKind'),
    ...optional(
      'caseReference',
      fields.caseReference === undefined ? undefined : parseSaltedDigest(fields.caseReference),
    ),
  };
}

function objection(fields: Fields): { readonly entryId: EntryId } {
  return { entryId: parseEntryId('OB', fields.entryId) };
}

function moved(fields: Fields): Moved {
  return {
    entryId: parseEntryId('CT', fields.entryId),
    from: parseStoredHolder(fields.from, 'from'),
    to: parseStoredHolder(fields.to, 'to'),
  };
}
