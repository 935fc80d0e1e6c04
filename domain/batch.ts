import { type Actor, parseStoredActor } from './actor.js';
import { canonicalJson } from './canonical-json.js';
import { type DigestHex, type DigestMap, parseDigestHex, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import {
  type Declaration,
  DECLARATION_MEMBERS,
  EVIDENCE_KINDS,
  type EvidenceKind,
  readDeclaration,
} from './evidence.js';
import { optional, readFields, readInstant, readRequest, readWord } from './fields.js';
import { type EvidenceId, parseEvidenceId, parseRequestId, type RequestId, type TxId } from './ids.js';

/** Files of one batch at most. */
export const BATCH_ITEMS_MAX = 1_000;
/** Largest request for a batch, in UTF-16 code units: its leaves and what is declared about them. */
export const BATCH_CHARS_MAX = 81_920;
/** Highest sequence number of an item in a stream. */
export const SEQUENCE_MAX = 2 ** 40;

/** Where a batch stands in a stream, whose items are numbered without end: item `i` of the batch has `first + i`. */
export interface StreamPlace {
  /** The submitting unit's own name of the stream, a UUID: other units' streams of that name are others. */
  readonly id: RequestId;
  /** Sequence number of the first item, from 1. */
  readonly first: number;
}

/** Many files under one declaration. */
export interface RegisterBatchRequest extends Declaration {
  /** Leaves in order, 1 to {@link BATCH_ITEMS_MAX}: SHA-256 over a salt and {@link batchItem}, so that they tell nothing. */
  readonly leaves: readonly DigestHex[];
  readonly stream?: StreamPlace;
}

/** Sequence numbers, both inclusive, that a stream left out for good. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A batch as it stands on the chain: the leaves' root instead of the leaves. */
export interface Batch extends Declaration {
  readonly schema: 'batch/1';
  readonly id: EvidenceId;
  readonly submitter: Actor;
  readonly txId: TxId;
  readonly txTime: string;
  /** RFC 6962 root over the leaves' bytes. */
  readonly root: DigestHex;
  readonly size: number;
  readonly stream?: StreamPlace;
  /** What is missing between the batch before and this one; a stream never goes back to fill it. */
  readonly gap?: Gap;
}

/** Answer of `batch:get`; a miss is an answer, as in `GetResult`. */
export type BatchResult =
  { readonly found: false; readonly id: EvidenceId } | { readonly found: true; readonly batch: Batch };

/** Name of the one event of a batch. */
export const BATCH_EVENT_KIND = 'evidence.batch-registered';

/** Payload of that event, canonical JSON. */
export interface BatchEvent {
  readonly kind: typeof BATCH_EVENT_KIND;
  readonly evidenceId: EvidenceId;
  readonly actor: Actor;
  readonly txTime: string;
  readonly evidenceKind: EvidenceKind;
  readonly root: DigestHex;
  readonly size: number;
}

/**
 * What a batch commits to about one file, canonical JSON. The leaf is SHA-256 over the item's salt and these bytes.
 * @param sequence number in the stream, where there is one.
 */
export function batchItem(digests: DigestMap, sequence?: number): string {
  return canonicalJson({ digests, ...optional('sequence', sequence) });
}

/** @param value text of JSON or a parsed value. @throws REQUEST_TOO_LARGE, REQUEST_MALFORMED, DIGEST_MALFORMED, ID_MALFORMED */
export function parseRegisterBatchRequest(value: unknown): RegisterBatchRequest {
  const fields = readRequest(value, ['leaves', 'stream', ...DECLARATION_MEMBERS], 'request', BATCH_CHARS_MAX);
  const { leaves } = fields;
  if (!Array.isArray(leaves) || leaves.length < 1 || leaves.length > BATCH_ITEMS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'leaves', wanted: `1 to ${BATCH_ITEMS_MAX} salted digests` });
  }
  return {
    leaves: leaves.map(parseSaltedDigest),
    ...optional('stream', fields.stream === undefined ? undefined : parseStreamPlace(fields.stream)),
    ...readDeclaration(fields),
  };
}

function parseStreamPlace(value: unknown): StreamPlace {
  const { id, first } = readFields(value, ['id', 'first'], 'stream');
  return { id: parseRequestId(id), first: readCount(first, SEQUENCE_MAX, 'stream.first') };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, ACTOR_MALFORMED */
export function parseBatchEvent(value: unknown): BatchEvent {
  const members = ['kind', 'evidenceId', 'actor', 'txTime', 'evidenceKind', 'root', 'size'];
  const fields = readRequest(value, members, 'event');
  return {
    kind: readWord(fields.kind, [BATCH_EVENT_KIND] as const, 'event.kind'),
    evidenceId: parseEvidenceId(fields.evidenceId),
    actor: parseStoredActor(fields.actor),
    txTime: readInstant(fields.txTime, 'event.txTime'),
    evidenceKind: readWord(fields.evidenceKind, EVIDENCE_KINDS, 'event.evidenceKind'),
    root: parseDigestHex('sha-256', fields.root),
    size: readCount(fields.size, BATCH_ITEMS_MAX, 'event.size'),
  };
}

function readCount(value: unknown, most: number, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: `a whole number from 1 to ${most}` });
}
