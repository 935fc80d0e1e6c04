import { CLERK, ContractBench } from '../../support/contract-bench.js';

interface Metadata {
  readonly contracts: Readonly<Record<string, { readonly transactions: readonly { readonly name: string }[] }>>;
}

describe('what contract-api adds to every chaincode', () => {
  test('org.hyperledger.fabric:GetMetadata describes the contracts and their transactions', async () => {
    const bench = await ContractBench.open();
    const { contracts } = await bench.ask<Metadata>(CLERK, 'org.hyperledger.fabric:GetMetadata');
    expect(Object.keys(contracts).sort()).toContain('evidence');
    expect(contracts.evidence?.transactions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['register', 'get', 'find']),
    );
  });

  test.each([
    ['a transaction that does not exist', 'nothing'],
    ['a very long one', 'x'.repeat(100_000)],
    ['one in another script', '甲'.repeat(500)],
    ['a contract that does not exist', 'evidence2:register'],
    ['a very long one of those', `${'x'.repeat(500)}:y`],
    ['a property of every object', 'constructor:register'],
  ])('%s is refused by a code of ours, and not repeated', async (_what, name) => {
    const bench = await ContractBench.open();
    const error: unknown = await bench.call(CLERK, name).catch((cause: unknown) => cause);
    expect(String(error).length).toBeLessThan(300);
    expect(String(error)).not.toContain(name);
    expect(error).toMatchObject({ code: 'REQUEST_MALFORMED', details: { where: 'transaction' } });
  });
});
