import { type Evidence } from '../../../domain/evidence.js';
import { STATEMENT_NAMES } from '../../../domain/statements.js';
import { CLERK, ContractBench, digestOf, registration } from '../../support/contract-bench.js';

describe('R16: the six statements before recording', () => {
  test('none given are six lines that say undeclared, and the interest is undeclared too', async () => {
    const bench = await ContractBench.open();
    const record = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    expect(record.statements).toEqual(Object.fromEntries(STATEMENT_NAMES.map((name) => [name, 'undeclared'])));
    expect(STATEMENT_NAMES).toHaveLength(6);
    expect(record.interest).toBe('undeclared');
  });

  test('declared ones are stored as declared (R03: with the interest)', async () => {
    const bench = await ContractBench.open();
    const statements = { source: 'party', notarised: 'yes', detailDigest: digestOf('salted') };
    const request = registration(1, { statements, interest: 'party' });
    const record = await bench.ask<Evidence>(CLERK, 'evidence:register', request);
    expect(record).toMatchObject({ interest: 'party', statements: { ...statements, generation: 'undeclared' } });
  });

  test.each([{ source: '来自张三' }, { story: 'x' }, { detailDigest: 'x' }, []])(
    'free text has no place: %j is refused without being repeated',
    async (statements) => {
      const bench = await ContractBench.open();
      const call = bench.call(CLERK, 'evidence:register', registration(1, { statements }));
      await expect(call).rejects.toThrow(/YINZHENG\/(REQUEST|DIGEST)_MALFORMED/);
      await expect(call).rejects.not.toThrow(/张三|story/);
    },
  );
});
