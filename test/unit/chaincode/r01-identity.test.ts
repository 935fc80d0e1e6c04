import { type Evidence } from '../../../domain/evidence.js';
import { CLERK, ContractBench, NOTARY, READER, registration } from '../../support/contract-bench.js';

describe('R01: who submits is read from the certificate alone', () => {
  test('the record names the certificate that signed, in full', async () => {
    const bench = await ContractBench.open();
    const record = await bench.ask<Evidence>(NOTARY, 'evidence:register', registration(1));
    expect(record.submitter).toEqual({
      mspId: 'ZhejiangMSP',
      name: 'notary-3',
      role: 'notary',
      unit: '123302004195000031',
      region: '500100',
    });
  });

  test.each(['submitter', 'actor', 'owner', 'txTime', 'id', '__proto__x'])(
    'a body that brings its own %s is refused and not repeated',
    async (member) => {
      const bench = await ContractBench.open();
      const call = bench.call(NOTARY, 'evidence:register', registration(1, { [member]: 'secret-of-the-court' }));
      await expect(call).rejects.toThrow(expect.objectContaining({ code: 'REQUEST_MALFORMED' }) as Error);
      await expect(call).rejects.not.toThrow(/secret-of-the-court|submitter|owner/);
    },
  );

  test.each([
    ['no attributes', READER, 'yz.role'],
    ['no common name', { ...CLERK, name: '' }, 'CN'],
    ['a unit that is no unit', { ...CLERK, unit: ' ' }, 'yz.unit'],
  ])('a certificate with %s writes nothing and is told which attribute is wrong', async (_case, caller, attribute) => {
    const bench = await ContractBench.open();
    const call = bench.call(caller, 'evidence:register', registration(1));
    await expect(call).rejects.toMatchObject({ code: 'ACTOR_MALFORMED', details: { attribute } });
  });

  test('a certificate without attributes still reads', async () => {
    const bench = await ContractBench.open();
    const { id } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    expect(await bench.ask(READER, 'evidence:get', id)).toMatchObject({ found: true, record: { id } });
  });
});
