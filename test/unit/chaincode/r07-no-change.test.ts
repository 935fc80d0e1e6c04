import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EvidenceView } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import { CALLERS } from '../../../chaincode/roles.js';
import { CLERK, ContractBench, NOTARY, READER, registration, requestId } from '../../support/contract-bench.js';

describe('R07: nothing is changed or deleted, a correction is a new record', () => {
  test('no transaction updates or deletes, and no source deletes state', () => {
    const changing = Object.keys(CALLERS).filter((name) => /update|delete|erase|remove|purge|set|edit/i.test(name));
    // Private values go on request (PIPL article 47); what is public about licences and attestations stays.
    expect(changing.sort()).toEqual(['attestation:purge', 'licenseFields:purge']);
    const folder = join(__dirname, '../../../chaincode');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(10);
    const deleting = files.filter((name) => /deleteState|deletePrivateData|purgePrivateData/.test(read(folder, name)));
    const purging = [join('attestation', 'private-store.ts'), join('license', 'private-values.ts')];
    expect(deleting.sort()).toEqual(purging);
    expect(files.filter((name) => /deleteState/.test(read(folder, name)))).toEqual([]);
  });

  test('the corrected record keeps its bytes, names its successor and still verifies', async () => {
    const bench = await ContractBench.open();
    const { payload } = await bench.call(CLERK, 'evidence:register', registration(1));
    const old = JSON.parse(payload) as Evidence;
    const next = await bench.ask<Evidence>(CLERK, 'evidence:supersede', registration(2, { supersedes: old.id }));
    const view = await bench.ask<EvidenceView>(READER, 'evidence:get', old.id);
    expect(view.record).toEqual(old);
    expect(view.supersededBy).toBe(next.id);
    expect(next.supersedes).toBe(old.id);
  });

  test('a second correction is refused and told the first', async () => {
    const bench = await ContractBench.open();
    const old = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const next = await bench.ask<Evidence>(CLERK, 'evidence:supersede', registration(2, { supersedes: old.id }));
    await expect(
      bench.call(CLERK, 'evidence:supersede', registration(3, { supersedes: old.id })),
    ).rejects.toMatchObject({
      code: 'EVIDENCE_SUPERSEDED',
      details: { successor: next.id },
    });
  });

  test.each([
    ['another organisation', NOTARY, 'NOT_OWNER'],
    ['another unit of the same organisation', { ...CLERK, unit: '115000000092760022' }, 'NOT_OWNER'],
  ])('%s cannot correct it', async (_case, caller, code) => {
    const bench = await ContractBench.open();
    const old = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    expect(await bench.refusal(caller, 'evidence:supersede', registration(2, { supersedes: old.id }))).toBe(code);
  });

  test('a colleague of the same unit can, while a record that does not exist is nobody to correct', async () => {
    const bench = await ContractBench.open();
    const old = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const colleague = { ...CLERK, name: 'clerk-8' };
    const next = await bench.ask<Evidence>(colleague, 'evidence:supersede', registration(1, { supersedes: old.id }));
    expect(next.id).not.toBe(old.id);
    const missing = `EV${requestId(9).replaceAll('-', '')}`;
    expect(await bench.refusal(CLERK, 'evidence:supersede', registration(3, { supersedes: missing }))).toBe(
      'EVIDENCE_NOT_FOUND',
    );
  });
});

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
