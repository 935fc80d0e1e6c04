import { printable, printableJson, printableLines } from '../../../cli/printable.js';

test.each([
  ['plain.pdf', 'plain.pdf'],
  ['合同（一）.pdf', '合同（一）.pdf'],
  ['\u001b[2Jgone', '\\x1b[2Jgone'],
  ['two\nlines', 'two\\x0alines'],
  ['\u009b31m', '\\x9b31m'],
  ['exe\u202efdp.', 'exe\\u202efdp.'],
])('what a terminal would obey in %j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('line breaks between lines stay', () => {
  expect(printableLines('a\u0007\nb')).toBe('a\\x07\nb');
});

test('JSON stays JSON and reads back the same', () => {
  const value = { file: 'a\u001b\u009b\u202e"\n合同' };
  expect(printableJson(value)).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(printableJson(value))).toEqual(value);
});
