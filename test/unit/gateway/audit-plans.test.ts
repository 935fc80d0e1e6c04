import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditIndex } from '../../../gateway/audit/audit-index.js';
import { type EventFilter, eventStatement } from '../../../gateway/audit/event-filter.js';
import { CHAINCODE } from './support/blocks.js';

let folder: string;
let index: AuditIndex;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plans-'));
  index = new AuditIndex(join(folder, 'index.sqlite'), CHAINCODE);
});
afterAll(() => {
  index.close();
  rmSync(folder, { recursive: true });
});

function planOf(filter: EventFilter, whole = false): string {
  const { sql, values } = eventStatement(filter, 50, whole);
  const rows = index.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values);
  return rows.map(({ detail }) => String(detail)).join('; ');
}

const after = { blockNumber: 7, txIndex: 1 };

describe('the plan of a page of events', () => {
  test.each<[EventFilter, string]>([
    [{}, 'PRIMARY KEY ((block,position)'],
    [{ actor: 'a' }, 'event_by_actor (actor=? AND (block,position)'],
    [{ org: 'a' }, 'event_by_org (org=? AND (block,position)'],
    [{ unit: 'a' }, 'event_by_unit (unit=? AND (block,position)'],
    [{ kind: 'a' }, 'event_by_kind (kind=? AND (block,position)'],
    [{ code: 'a' }, 'event_by_code (code=? AND (block,position)'],
    [{ refused: true }, 'event_refused ((block,position)'],
  ])('%j narrows by an index in the ledger’s order, so that no page is sorted', (filter, wanted) => {
    for (const order of [{}, { newest: true as const }]) {
      const plan = planOf({ ...filter, ...order, after });
      expect(plan).toContain(wanted);
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });

  test.each<[EventFilter, readonly string[]]>([
    [
      { record: 'a' },
      ['event_by_evidence (evidence_id=?', 'event_by_entry (entry_id=?', 'event_by_successor (successor=?'],
    ],
    [
      { search: 'a' },
      ['event_by_tx (tx_id=?', 'event_by_evidence (', 'event_by_entry (', 'event_by_actor (', 'event_by_unit ('],
    ],
    [{ from: 'a', to: 'b' }, ['event_by_time (tx_time>? AND tx_time<?)']],
  ])('%j sorts only what indexes found', (filter, wanted) => {
    const plan = planOf({ ...filter, after });
    for (const part of wanted) expect(plan).toContain(part);
    expect(plan).not.toContain('SCAN');
  });

  test('an export goes through the ledger once, however wide its times', () => {
    expect(planOf({ from: 'a', to: 'b', after }, true)).toBe('SEARCH event USING PRIMARY KEY ((block,position)>(?,?))');
  });
});
