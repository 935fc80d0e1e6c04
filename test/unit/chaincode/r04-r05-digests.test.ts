import { type FindResult } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import { CLERK, ContractBench, digestOf, READER, registration } from '../../support/contract-bench.js';

const sha256 = digestOf('file 1');
const sm3 = digestOf('file 1', 'sm3');

describe('R04: algorithms are named, their digests checked', () => {
  test.each([
    ['md5', { md5: 'd41d8cd98f00b204e9800998ecf8427e' }, 'ALGORITHM_REFUSED'],
    ['sha-1', { 'sha-256': sha256, 'sha-1': 'da39a3ee5e6b4b0d3255bfef95601890afd80709' }, 'ALGORITHM_REFUSED'],
    ['63 hex digits', { 'sha-256': sha256.slice(1) }, 'DIGEST_MALFORMED'],
    ['a letter that is no hex digit', { 'sha-256': `g${sha256.slice(1)}` }, 'DIGEST_MALFORMED'],
    ['SM3 alone', { sm3 }, 'DIGEST_MALFORMED'],
    ['none', {}, 'DIGEST_MALFORMED'],
    ['a list', [sha256], 'REQUEST_MALFORMED'],
  ])('%s is refused and nothing is written', async (_case, digests, code) => {
    const bench = await ContractBench.open();
    const before = bench.ledger.values.size;
    expect(await bench.refusal(CLERK, 'evidence:register', registration(1, { digests }))).toBe(code);
    expect(bench.ledger.values.size).toBe(before);
  });

  test('upper case is stored in lower case, every algorithm under its own name', async () => {
    const bench = await ContractBench.open();
    const digests = { 'sha-256': sha256.toUpperCase(), sm3, 'sha-512': digestOf('file 1', 'sha512') };
    const record = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1, { digests }));
    expect(record.digests).toEqual({ ...digests, 'sha-256': sha256 });
  });
});

describe('R05: the key of a search is algorithm and digest together', () => {
  test.each([
    ['sha-256', sha256, 1],
    ['sm3', sm3, 1],
    ['sm3', sha256, 0],
    ['sha-256', sm3, 0],
    ['sha-256', sha256.toUpperCase(), 1],
  ])('%s of %s finds %i', async (algorithm, digest, count) => {
    const bench = await ContractBench.open();
    await bench.call(CLERK, 'evidence:register', registration(1));
    const found = await bench.ask<FindResult>(READER, 'evidence:find', algorithm, digest, '');
    expect(found.records).toHaveLength(count);
  });

  test('pages are bounded, hold every record once and end without a bookmark', async () => {
    const bench = await ContractBench.open();
    const digests = { 'sha-256': sha256 };
    const ids: string[] = [];
    for (let n = 1; n <= 23; n += 1) {
      ids.push((await bench.ask<Evidence>(CLERK, 'evidence:register', registration(n, { digests }))).id);
    }
    const sizes: number[] = [];
    const seen: string[] = [];
    let bookmark: string | undefined = '';
    while (bookmark !== undefined && sizes.length < 5) {
      const page: FindResult = await bench.ask(READER, 'evidence:find', 'sha-256', sha256, bookmark);
      sizes.push(page.records.length);
      seen.push(...page.records.map(({ record }) => record.id));
      bookmark = page.bookmark;
    }
    expect(sizes).toEqual([10, 10, 3]);
    expect(seen).toEqual(ids.sort());
  });

  test('a bookmark that no page gave is refused', async () => {
    const bench = await ContractBench.open();
    expect(await bench.refusal(READER, 'evidence:find', 'sha-256', sha256, '\u0000evidence')).toBe('ID_MALFORMED');
  });
});
