import fc from 'fast-check';
import { findCustodyGap, type Holder, sameHolder, type Transfer } from '../../domain/custody.js';

const holder = fc.record<Holder>({ mspId: fc.constantFrom('A', 'B'), unit: fc.constantFrom('1', '2', '3') });

/** Holders in turn, each another than the one before; consecutive ones make the accepted hand-overs. */
const route = fc
  .array(holder, { minLength: 2, maxLength: 12 })
  .map((holders) => holders.filter((next, index) => index === 0 || !sameHolder(next, holders[index - 1] as Holder)))
  .filter((holders) => holders.length >= 2);

function transfersOf(holders: readonly Holder[]): Transfer[] {
  return holders.slice(1).map((to, index) => ({ state: 'accepted', from: holders[index], to }) as Transfer);
}

describe('R20: the chain of custody', () => {
  test('a whole chain has no gap', () => {
    fc.assert(
      fc.property(route, (holders) => {
        expect(findCustodyGap(holders[0] as Holder, transfersOf(holders), holders.at(-1) as Holder)).toBeUndefined();
      }),
    );
  });

  test('with any one hand-over removed, the gap is found exactly where it was', () => {
    fc.assert(
      fc.property(route, fc.nat(), (holders, pick) => {
        const transfers = transfersOf(holders);
        const removed = pick % transfers.length;
        const holed = transfers.toSpliced(removed, 1);
        expect(findCustodyGap(holders[0] as Holder, holed, holders.at(-1) as Holder)).toBe(removed);
      }),
    );
  });

  test('a hand-over that was not accepted moves nothing: it is a gap where it stands', () => {
    fc.assert(
      fc.property(route, fc.nat(), fc.constantFrom('pending', 'declined', 'withdrawn'), (holders, pick, state) => {
        const transfers = transfersOf(holders);
        const index = pick % transfers.length;
        const unsigned = transfers.with(index, { ...transfers[index], state } as Transfer);
        expect(findCustodyGap(holders[0] as Holder, unsigned, holders.at(-1) as Holder)).toBe(index);
      }),
    );
  });
});
