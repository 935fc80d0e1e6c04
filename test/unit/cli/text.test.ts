import { COLUMNS, displayWidth, fields, wrap } from '../../../cli/text.js';
import { matchWording, mismatchWording, statusWording } from '../../../domain/wording.js';

const digest = 'ab'.repeat(32);
const texts = [
  matchWording({ algorithm: 'sm3', id: `EV${digest.slice(0, 32)}`, txTime: '2026-03-01T08:30:00.000Z' }),
  mismatchWording('sha-256', digest, digest),
  statusWording('UNVERIFIABLE_NOW'),
].flatMap(({ zh, en }) => [zh, en]);

test('a Chinese character takes two columns, a Latin one takes one', () => {
  expect(displayWidth('印证 ok')).toBe(7);
  expect(displayWidth('（，）')).toBe(6);
  expect(displayWidth('\u{20BB7}')).toBe(2);
});

test.each(texts)('no line of a verdict is wider than 80 columns: %s', (text) => {
  const lines = wrap(text, COLUMNS, '    ').split('\n');
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(COLUMNS);
  expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
});

test.each(texts)('no line begins with closing punctuation: %s', (text) => {
  for (const columns of [20, 31, 44, 57]) {
    const bad = wrap(text, columns)
      .split('\n')
      .slice(1)
      .filter((line) => /^[，。；：、！？）》”]/.test(line));
    expect(bad).toEqual([]);
  }
});

test('Latin words are not cut, but a word longer than a line is', () => {
  expect(wrap('one two three', 8)).toBe('one two\nthree');
  expect(wrap(digest, 40)).toBe(`${digest.slice(0, 40)}\n${digest.slice(40)}`);
});

test('labelled values stand under each other and stay within 80 columns', () => {
  const text = fields([
    ['存证编号', 'EV1'],
    ['tx', `${digest} ${digest}`],
  ]);
  expect(text.split('\n')[0]).toBe('  存证编号  EV1');
  expect(text.split('\n')[1]).toBe(`  tx        ${digest}`);
  expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(COLUMNS);
});

test('a digest stands on one line behind every label that is written for people', () => {
  for (const label of ['存证编号 id', 'SHA-256', '盐值 salt', '登记机构 by', '时间 time']) {
    expect(
      fields([
        [label, digest],
        ['存证编号 id', ''],
      ]).split('\n'),
    ).toHaveLength(2);
  }
});
