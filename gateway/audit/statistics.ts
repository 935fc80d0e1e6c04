import { type DatabaseSync } from 'node:sqlite';

import { type Period } from '../../domain/audit-filter.js';
import { type StatisticRow } from '../openapi/types.js';

/** What is counted, one chart each. */
export const STATISTICS = ['org', 'kind', 'day', 'refusal', 'deadline'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Zones that days are counted in: Coordinated Universal Time, and China's. */
export const ZONES = { UTC: '+00:00', '+08:00': '+08:00' } as const;
export type Zone = keyof typeof ZONES;

/** Rows of a chart at most; of days the latest. */
const ROWS_MAX = 1_000;

/** What narrows and shapes the counting. */
export interface StatisticQuestion {
  readonly period: Period;
  readonly zone: Zone;
  /** When it is asked, RFC 3339 in UTC: open deadlines depend on it. */
  readonly now: string;
}

const COUNTS = `count(*) AS count, count(*) FILTER (WHERE code <> 'VALID') AS refused`;

/** The question as SQL. Named indexes hold all that is counted, so that no row is read (test/unit/gateway/audit-statistics.test.ts). */
export function statisticSql(by: Statistic, { from, to }: Period): string {
  const during = (column: string) =>
    [
      ...(from === undefined ? [] : [`${column} >= :from`]),
      ...(to === undefined ? [] : [`${column} <= :to`]),
      'true',
    ].join(' AND ');
  const acts = `event INDEXED BY event_by_time WHERE ${during('tx_time')}`;
  const requests = `attestation INDEXED BY attestation_by_request WHERE ${during('requested_at')}`;
  switch (by) {
    case 'org':
    case 'kind':
      return `SELECT ${by} AS key, ${COUNTS} FROM ${acts} GROUP BY ${by} ORDER BY ${by} LIMIT :limit`;
    case 'day':
      return `SELECT date(tx_time, :zone) AS key, ${COUNTS} FROM ${acts} GROUP BY key ORDER BY key DESC LIMIT :limit`;
    case 'refusal':
      return `SELECT code AS key, 'ledger' AS source, count(*) AS count FROM event INDEXED BY event_refused
          WHERE code <> 'VALID' AND ${during('tx_time')} GROUP BY code
        UNION ALL SELECT code, 'attestation', count(*) FROM ${requests} AND state = 'REFUSED' GROUP BY code
        ORDER BY count DESC, key LIMIT :limit`;
    case 'deadline':
      return `SELECT answerer AS key,
          count(*) FILTER (WHERE settled_at <= due_at) AS onTime,
          count(*) FILTER (WHERE settled_at > due_at) AS late,
          count(*) FILTER (WHERE state = 'REQUESTED' AND due_at >= :now) AS open,
          count(*) FILTER (WHERE state = 'REQUESTED' AND due_at < :now) AS overdue,
          count(*) FILTER (WHERE settled_at IS NULL AND state <> 'REQUESTED') AS withdrawn
        FROM ${requests} GROUP BY answerer ORDER BY answerer LIMIT :limit`;
  }
}

/** Counts what the index holds. Refusals are those that the chain tells: what a contract refuses never comes to it. */
export function countBy(
  { database }: { readonly database: DatabaseSync },
  by: Statistic,
  question: StatisticQuestion,
): StatisticRow[] {
  const { period, zone, now } = question;
  const own = { ...(by === 'day' && { zone: ZONES[zone] }), ...(by === 'deadline' && { now }) };
  const rows = database.prepare(statisticSql(by, period)).all({ ...period, limit: ROWS_MAX, ...own });
  return (by === 'day' ? rows.reverse() : rows) as unknown as StatisticRow[];
}
