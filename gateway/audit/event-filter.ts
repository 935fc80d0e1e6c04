/** A place in the ledger's order. */
export interface LedgerPlace {
  readonly blockNumber: number;
  readonly txIndex: number;
}

/** Which transactions to list, and in which order; members that are absent do not narrow the list. */
export interface EventFilter {
  /** Common name in the certificate. */
  readonly actor?: string;
  /** MSP id. */
  readonly org?: string;
  readonly unit?: string;
  readonly kind?: string;
  /** Name of a validation code. */
  readonly code?: string;
  /** Only what the peers did not take, whatever the code. */
  readonly refused?: true;
  /** A record, also as a correction, or an entry about one. */
  readonly record?: string;
  /** Whatever is called so: transaction, record, entry, signer or unit. */
  readonly search?: string;
  /** Claimed transaction time, inclusive, RFC 3339 in UTC with milliseconds. */
  readonly from?: string;
  /** Claimed transaction time, inclusive too. */
  readonly to?: string;
  /** Where the page before ended. */
  readonly after?: LedgerPlace;
  /** Newest first; else oldest first. */
  readonly newest?: true;
}

const RECORD = 'evidence_id = :record OR entry_id = :record OR successor = :record';
const SEARCH = ['tx_id', 'evidence_id', 'entry_id', 'successor', 'actor', 'unit'].map((name) => `${name} = :search`);

/** Each narrows by an index that is in the ledger's order (test/unit/gateway/audit-plans.test.ts). */
const CONDITIONS = {
  actor: 'actor = :actor',
  org: 'org = :org',
  unit: 'unit = :unit',
  kind: 'kind = :kind',
  code: 'code = :code',
  refused: "code <> 'VALID'",
  record: `(${RECORD})`,
  search: `(${SEARCH.join(' OR ')})`,
  from: 'tx_time >= :from',
  to: 'tx_time <= :to',
} as const;

/** One page of transactions as SQL, with what it binds. */
export interface EventStatement {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * @param limit rows at most. @param whole for all pages one after the other: times are then looked at row by row in the
 * ledger's order, because sorting what an index of times finds would be done again for every page.
 */
export function eventStatement(filter: EventFilter, limit: number, whole = false): EventStatement {
  const { after, newest, ...given } = filter;
  const names = Object.keys(CONDITIONS).filter((name): name is keyof typeof CONDITIONS => name in given);
  const conditions = names
    .map((name) => CONDITIONS[name])
    .map((text) => (whole ? text.replace('tx_time', '+$&') : text));
  const { refused: _, ...values } = given;
  const start = after ?? { blockNumber: newest ? Number.MAX_SAFE_INTEGER : -1, txIndex: 0 };
  const where = [`(block, position) ${newest ? '<' : '>'} (:block, :position)`, ...conditions].join(' AND ');
  const order = newest ? 'block DESC, position DESC' : 'block, position';
  return {
    sql: `SELECT * FROM event WHERE ${where} ORDER BY ${order} LIMIT :limit`,
    values: { ...values, block: start.blockNumber, position: start.txIndex, limit },
  };
}
