import { readSource, sourcesOf } from '../support/source-tree.js';

/** What would make two peers disagree, or one peer disagree with itself tomorrow. */
const CLOCK_OR_CHANCE =
  /Date\.now|new Date\(\)|Math\.random|random(Bytes|UUID|Int|FillSync)|getRandomValues|setTimeout|setInterval|setImmediate|performance\.|hrtime|Temporal\.Now/;

function filesThatSay(part: string, words: RegExp): string[] {
  return sourcesOf(part).filter((file) => words.test(readSource(file)));
}

describe('what a part never says', () => {
  test('chaincode reads no clock and no random source, except the one guard that never writes what it read', () => {
    expect(filesThatSay('chaincode', CLOCK_OR_CHANCE)).toEqual(['chaincode/clock-guard.ts']);
  });

  test('domain and proof read neither', () => {
    expect([...filesThatSay('domain', CLOCK_OR_CHANCE), ...filesThatSay('proof', CLOCK_OR_CHANCE)]).toEqual([]);
  });

  test('network knows nothing of what is recorded with it', () => {
    expect(filesThatSay('network', /evidence|licen[cs]e|clerk|notary/i)).toEqual([]);
  });

  test.each(['new Date()', 'Date.now()', 'crypto.randomUUID()', 'process.hrtime.bigint()'])(
    '%s would be found',
    (text) => {
      expect(CLOCK_OR_CHANCE.test(text)).toBe(true);
    },
  );

  test('a date made from a given time is none', () => {
    expect(CLOCK_OR_CHANCE.test('new Date(ms).toISOString()')).toBe(false);
  });
});
