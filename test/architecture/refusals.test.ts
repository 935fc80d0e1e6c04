import { CHECK_REFUSALS } from '../../domain/attestation-words.js';
import { ERROR_CODES } from '../../domain/errors.js';
import { readSource } from '../support/source-tree.js';

interface Row {
  readonly code: string;
  readonly file: string;
  readonly title: string;
}

const rows: readonly Row[] = readSource('docs/refusals.md')
  .split('\n')
  .filter((line) => /^\| .*`test\//.test(line))
  .map((line) => {
    const [, , code = '', file = '', title = ''] = line.split('|').map((cell) => cell.trim());
    return { code: code.replaceAll('`', ''), file: file.replaceAll('`', ''), title };
  });

describe('the table of refusals', () => {
  test.each(rows)('$code: "$title" stands in $file, beside the code', ({ code, file, title }) => {
    // Prettier breaks long lines, and titles of several cases are tables of their own.
    const source = readSource(file).replace(/\s+/g, ' ');
    expect({ title: source.includes(title), code: code === 'ROLE_NOT_ALLOWED' || source.includes(code) }).toEqual({
      title: true,
      code: true,
    });
  });

  test('no code of a licence, its use or an attestation is missing', () => {
    const first = ERROR_CODES.indexOf('LICENSE_TYPE_NOT_FOUND');
    const last = ERROR_CODES.indexOf('ATTESTATION_LICENCE');
    const wanted = [...ERROR_CODES.slice(first, last + 1), ...CHECK_REFUSALS];
    expect(wanted.filter((code) => !rows.some((row) => row.code === code))).toEqual([]);
  });
});
