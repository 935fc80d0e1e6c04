import { formatGoDuration, parseGoDuration } from '../../../../network/embedded/config/go-duration.js';

describe('durations as Go writes them', () => {
  test.each([
    ['2s', 2000],
    ['200ms', 200],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['3m0s', 180_000],
    ['250us', 0.25],
    ['250\u00b5s', 0.25],
  ])('%s is %d ms', (text, durationMs) => {
    expect(parseGoDuration(text)).toBe(durationMs);
  });

  test.each(['', '0s', '2', '2 s', '-2s', '2d', 's', '2s!', '1e3s'])('%j is refused', (text) => {
    expect(() => parseGoDuration(text)).toThrow(/^CONFIG_MALFORMED/);
  });

  test('what is written is read again, and nothing is written as the shortest duration', () => {
    expect(parseGoDuration(formatGoDuration(50))).toBe(50);
    expect(Math.floor(parseGoDuration(formatGoDuration(0)))).toBe(0);
  });
});
