import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSync } from 'node:sqlite';

import { type AttestationFilter, AttestationQuery } from '../../../gateway/audit/attestation-query.js';
import { AuditIndex } from '../../../gateway/audit/audit-index.js';
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

/** How SQLite would answer what `ask` asks; no row is there. */
function planOf(ask: (query: AttestationQuery) => unknown): string {
  const plans: string[] = [];
  const { database } = index;
  const explained = {
    prepare: (sql: string) => {
      const rows = (parameters: readonly unknown[]) =>
        database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(parameters as []));
      const note = (...parameters: readonly unknown[]) => {
        plans.push(...rows(parameters).map(({ detail }) => String(detail)));
        return [];
      };
      return { all: note, get: (...parameters: readonly unknown[]) => void note(...parameters) };
    },
  };
  ask(new AttestationQuery({ database: explained as unknown as DatabaseSync }));
  return plans.join('; ');
}

const AT = '2026-03-01T08:30:00.000Z';
const after = { dueAt: AT, id: `AT${'0'.repeat(32)}` };

describe('the plan of a page of attestations', () => {
  test.each<[AttestationFilter, string]>([
    [{ asker: 'A' }, 'attestation_by_asker (asker=? AND (due_at,id)>(?,?))'],
    [{ answerer: 'A' }, 'attestation_by_answerer (answerer=? AND (due_at,id)>(?,?))'],
    [{ asker: 'A', state: 'ATTESTED' }, 'attestation_open_asker (asker=? AND state=? AND (due_at,id)>(?,?))'],
    [{ answerer: 'A', state: 'ATTESTED' }, 'attestation_open_answerer (answerer=? AND state=? AND (due_at,id)>(?,?))'],
    [{ answerer: 'A', overdue: true }, 'attestation_open_answerer (answerer=? AND state=? AND '],
  ])('%j goes by an index in the order of deadlines, whatever the index holds', (filter, wanted) => {
    const plan = planOf((query) => query.list({ ...filter, after }, AT, 50));
    expect(plan).toContain(wanted);
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).not.toContain('SCAN');
  });

  test('counts of a month read that month alone', () => {
    expect(planOf((query) => query.counts('A', 'B', '2026-03'))).toContain(
      'attestation_by_month (asker=? AND answerer=? AND requested_at>? AND requested_at<?)',
    );
  });
});
