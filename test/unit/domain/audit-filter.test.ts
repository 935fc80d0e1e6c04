import { parsePeriod } from '../../../domain/audit-filter.js';

describe('a period', () => {
  test.each([
    ['2026-03-01', '2026-03-01', { from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T23:59:59.999Z' }],
    ['2026-03-01T08:30:00+08:00', undefined, { from: '2026-03-01T00:30:00.000Z' }],
    [undefined, '2026-03-01T08:30:00Z', { to: '2026-03-01T08:30:00.000Z' }],
    [undefined, undefined, {}],
  ])('from %s to %s', (from, to, period) => {
    expect(parsePeriod(from, to)).toEqual(period);
  });

  test.each([
    ['2026-02-30', undefined, 'from'],
    ['yesterday', undefined, 'from'],
    [undefined, '2026-3-1', 'to'],
    ['2026-03-02', '2026-03-01', 'to'],
    [['2026-03-01'], undefined, 'from'],
  ])('from %j to %j is refused', (from, to, where) => {
    expect(() => parsePeriod(from, to)).toThrow(
      expect.objectContaining({
        code: 'REQUEST_MALFORMED',
        details: expect.objectContaining({ where }) as object,
      }) as Error,
    );
  });
});
