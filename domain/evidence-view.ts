import { type Access, type Custody, type Transfer } from './custody.js';
import { type Evidence } from './evidence.js';
import { type EvidenceId } from './ids.js';
import { type Decision, type Objection } from './objection.js';

/** Everything the chain holds about one record, as one read-only call returns it. */
export interface EvidenceView {
  readonly record: Evidence;
  readonly supersededBy?: EvidenceId;
  readonly objections: readonly Objection[];
  readonly custody: Custody;
  readonly transfers: readonly Transfer[];
  readonly accesses: readonly Access[];
}

/** A miss is an answer, not an error: Fabric endorses no errors, and k organisations may sign an absence. */
export type GetResult = { readonly found: false; readonly id: EvidenceId } | ({ readonly found: true } & EvidenceView);

/** All records of one digest under one algorithm; order carries no meaning here, the ledger's order does. */
export interface FindResult {
  readonly records: readonly EvidenceView[];
  /** Whether more records exist than a page holds; `bookmark` then continues. */
  readonly bookmark?: string;
}

/**
 * One thing that happened to a record, oldest first by claimed transaction time. Derived from current state, so that
 * organisations can sign it: what may change (a hand-over) keeps both of its transactions.
 */
export type HistoryEntry = { readonly txId: string; readonly txTime: string } & (
  | { readonly kind: 'evidence.registered'; readonly value: Evidence }
  | { readonly kind: 'evidence.superseded'; readonly value: { readonly supersededBy: EvidenceId } }
  | { readonly kind: 'evidence.objected'; readonly value: Objection }
  | { readonly kind: 'evidence.decided'; readonly value: Decision }
  | { readonly kind: 'evidence.handed-over' | 'evidence.transfer-answered'; readonly value: Transfer }
  | { readonly kind: 'evidence.accessed'; readonly value: Access }
);

/** Names of chaincode events; one transaction emits exactly one. */
export const EVIDENCE_EVENT_KINDS = [
  'evidence.registered',
  'evidence.superseded',
  'evidence.objected',
  'evidence.decided',
  'evidence.handed-over',
  'evidence.transfer-answered',
  'evidence.accessed',
] as const;
export type EvidenceEventKind = (typeof EVIDENCE_EVENT_KINDS)[number];
