import { REQUEST_CHARS_MAX, readInstant, readRequest } from '../../../domain/fields.js';

describe('a time', () => {
  test.each([
    ['2026-03-01T08:30:00Z', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T08:30:00.5+08:00', '2026-03-01T00:30:00.500Z'],
    ['2024-02-29T23:59:59-01:00', '2024-03-01T00:59:59.000Z'],
  ])('%s is written as %s', (text, instant) => {
    expect(readInstant(text, 'when')).toBe(instant);
  });

  test.each([
    ...['2026-02-30T00:00:00Z', '2026-04-31T08:00:00+08:00', '2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z'],
    ...['2026-03-01T08:30:61Z', '2026-03-01T08:30:00+25:00', '9999-12-31T23:59:59-01:00', '0000-01-01T00:00:00+01:00'],
    ...['2026-03-01', '2026-03-01T08:30:00', '2026-03-01 08:30:00Z', 'now', '', 1772353800000],
  ])('%s is refused', (text) => {
    expect(() => readInstant(text, 'when')).toThrow(/REQUEST_MALFORMED \{"where":"when"/);
  });
});

describe('a request', () => {
  test('is read up to its limit and refused beyond it, before anything is parsed', () => {
    const text = (chars: number) => `{"a":"${'x'.repeat(chars - 8)}"}`;
    expect(readRequest(text(REQUEST_CHARS_MAX), ['a'])).toHaveProperty('a');
    expect(() => readRequest(text(REQUEST_CHARS_MAX + 1), ['a'])).toThrow(/REQUEST_TOO_LARGE/);
  });
});
