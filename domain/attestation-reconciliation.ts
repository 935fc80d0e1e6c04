import { type Actor, parseMspId } from './actor.js';
import { readInteger } from './attestation-shapes.js';
import { readFields, readRequest, readShape } from './fields.js';
import { parseRequestId, type RequestId, type TxId } from './ids.js';

/** What both sides count of one month's requests, by what became of them so far. */
export const RECONCILED_COUNTS = ['requested', 'answered', 'refused', 'used', 'withdrawn'] as const;
export type ReconciledCount = (typeof RECONCILED_COUNTS)[number];
/** One number a count. */
export type ReconciledCounts = { readonly [name in ReconciledCount]: number };

/** Largest number that a count may be. */
export const RECONCILED_MAX = 1_000_000_000;

/** 对账: what one organisation's own books say about its dealings with another in one month. */
export interface ReconcileRequest {
  readonly requestId: RequestId;
  readonly counterparty: string;
  /** `2026-03`, by the transaction time of the request, UTC. */
  readonly period: string;
  /** Requests that the own organisation made. */
  readonly asked: ReconciledCounts;
  /** Requests that it was asked. */
  readonly received: ReconciledCounts;
}

/** The latest statement of one organisation for a counterparty and month. */
export interface ReconciliationStatement extends ReconcileRequest {
  readonly schema: 'reconciliation/1';
  readonly by: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** A count on which two books differ. */
export interface ReconciliationDifference {
  /** Who asked. */
  readonly asker: string;
  readonly count: ReconciledCount;
  readonly askerSays: number;
  readonly answererSays: number;
}

/** `WAITING`: a side has not posted. */
export const RECONCILIATION_VERDICTS = ['WAITING', 'AGREED', 'DIFFERENT'] as const;
export type ReconciliationVerdict = (typeof RECONCILIATION_VERDICTS)[number];

/** Both statements and what follows from them. */
export interface Reconciliation {
  readonly period: string;
  readonly verdict: ReconciliationVerdict;
  readonly statements: readonly ReconciliationStatement[];
  readonly differences: readonly ReconciliationDifference[];
}

/** A month. @throws REQUEST_MALFORMED */
export function parsePeriod(value: unknown): string {
  return readShape(value, /^\d{4}-(0[1-9]|1[0-2])$/, 'period', 'a month such as 2026-03');
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseReconcileRequest(value: unknown): ReconcileRequest {
  const fields = readRequest(value, ['requestId', 'counterparty', 'period', 'asked', 'received']);
  return {
    requestId: parseRequestId(fields.requestId),
    counterparty: parseMspId(fields.counterparty, 'counterparty'),
    period: parsePeriod(fields.period),
    asked: readCounts(fields.asked, 'asked'),
    received: readCounts(fields.received, 'received'),
  };
}

function readCounts(value: unknown, where: string): ReconciledCounts {
  const fields = readFields(value, RECONCILED_COUNTS, where);
  const count = (name: ReconciledCount) => readInteger(fields[name], `${where}.${name}`, 0, RECONCILED_MAX);
  return {
    requested: count('requested'),
    answered: count('answered'),
    refused: count('refused'),
    used: count('used'),
    withdrawn: count('withdrawn'),
  };
}

/** Pure. Compares two organisations' statements of one month; each asked the other. */
export function compareStatements(period: string, statements: readonly ReconciliationStatement[]): Reconciliation {
  const [first, second] = statements;
  if (first === undefined || second === undefined) return { period, verdict: 'WAITING', statements, differences: [] };
  const differences = [...differ(first, second), ...differ(second, first)];
  return { period, verdict: differences.length === 0 ? 'AGREED' : 'DIFFERENT', statements, differences };
}

function differ(asker: ReconciliationStatement, answerer: ReconciliationStatement): ReconciliationDifference[] {
  return RECONCILED_COUNTS.filter((count) => asker.asked[count] !== answerer.received[count]).map((count) => ({
    asker: asker.by.mspId,
    count,
    askerSays: asker.asked[count],
    answererSays: answerer.received[count],
  }));
}
