import { ADMIN, CLERK, ContractBench, MEMBERS, READER, registration } from '../../support/contract-bench.js';

describe('the consortium contract', () => {
  test('before it is configured, a search still answers and a record is refused with the reason', async () => {
    const bench = new ContractBench();
    expect(await bench.ask(READER, 'consortium:get')).toEqual({ configured: false });
    expect(await bench.refusal(CLERK, 'evidence:register', registration(1))).toBe('CONSORTIUM_UNSET');
    expect(bench.ledger.values.size).toBe(0);
  });

  test('the list is kept sorted, with who set it, and told in one event', async () => {
    const bench = new ContractBench();
    const { events, payload } = await bench.call(ADMIN, 'consortium:configure', { members: MEMBERS.toReversed() });
    const stored = JSON.parse(payload) as object;
    expect(stored).toMatchObject({ schema: 'consortium/1', members: MEMBERS, configuredBy: { name: 'admin-1' } });
    expect(await bench.ask(READER, 'consortium:get')).toEqual({ configured: true, ...stored });
    expect(events).toEqual([{ name: 'consortium.configured', payload: expect.any(String) as string }]);
  });

  test('the same list again, in any order, writes nothing', async () => {
    const bench = await ContractBench.open();
    const again = await bench.call(ADMIN, 'consortium:configure', { members: MEMBERS.toReversed() });
    expect({ writes: again.writes, events: again.events }).toEqual({ writes: 0, events: [] });
  });

  test('a stranger cannot set the first list without itself, and a member may leave later', async () => {
    const bench = new ContractBench();
    const stranger = { ...ADMIN, mspId: 'OtherMSP' };
    expect(await bench.refusal(stranger, 'consortium:configure', { members: MEMBERS })).toBe('CONSORTIUM_NOT_MEMBER');
    await bench.call(ADMIN, 'consortium:configure', { members: MEMBERS });
    await bench.call(ADMIN, 'consortium:configure', { members: MEMBERS.filter((member) => member !== ADMIN.mspId) });
    expect(await bench.refusal(CLERK, 'evidence:register', registration(1))).toBe('CONSORTIUM_NOT_MEMBER');
  });

  test.each([
    ['one member', ['ChongqingMSP']],
    ['one member twice', ['ChongqingMSP', 'ChongqingMSP']],
    ['33 members', Array.from({ length: 33 }, (_, index) => `Org${index}MSP`)],
    ['a name that is no MSP id', ['ChongqingMSP', '重庆']],
    ['no list', 'ChongqingMSP'],
  ])('%s is refused', async (_case, members) => {
    const bench = new ContractBench();
    expect(await bench.refusal(ADMIN, 'consortium:configure', { members })).toBe('REQUEST_MALFORMED');
  });
});
