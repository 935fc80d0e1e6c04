import { ERROR_CODES } from '../../../domain/errors.js';
import { VERDICTS } from '../../../domain/verdict.js';
import { STATUS } from '../../../gateway/http/problems.js';
import { readSource } from '../../support/source-tree.js';

/** Rows of the tables in docs/errors.md: code and HTTP status. */
function documentedCodes(): [string, number][] {
  const rows = readSource('docs/errors.md').matchAll(/^\| `([A-Z_]+)` *\| (\d{3}) *\| \S[^|]{10,}\| \S[^|]{5,}\|$/gm);
  return [...rows].map(([, code = '', status]) => [code, Number(status)]);
}

describe('documents say what the code says', () => {
  test('docs/errors.md lists exactly the codes, each once, in their order', () => {
    expect(documentedCodes().map(([code]) => code)).toEqual(ERROR_CODES);
  });

  test('docs/errors.md gives each code the status that the gateway answers with', () => {
    expect(Object.fromEntries(documentedCodes())).toEqual(STATUS);
  });

  test('docs/glossary.md explains each verdict and each word once', () => {
    const text = readSource('docs/glossary.md');
    expect(VERDICTS.filter((verdict) => !text.includes(verdict))).toEqual([]);
    const terms = [...text.matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)]
      .flatMap(([, zh = '', en = '']) => [zh.trim(), en.trim()])
      .filter((term) => !/^(中文|English|-+)$/.test(term));
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  });
});
