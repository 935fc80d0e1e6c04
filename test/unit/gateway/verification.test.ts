import { type EvidenceView } from '../../../domain/evidence-view.js';
import { type Objection } from '../../../domain/objection.js';
import { answer, type Beside, parseQuestion, type Question } from '../../../gateway/verification.js';
import { digestOf, evidenceId, objectionTo, OFFICER, recordView } from './support/records.js';

const asked = (content: string, id?: string): Question => ({
  digests: { 'sha-256': digestOf(content) },
  ...(id === undefined ? {} : { id: evidenceId(id) }),
});
const nowhere: Beside = { placeOf: () => undefined, trustedTimeOf: () => undefined };

/** Ledger order: the records' names in the order in which they were committed. */
const placesOf = (...names: string[]): Beside => ({
  ...nowhere,
  placeOf: (txId) => {
    const at = names.findIndex((name) => recordView(name, '').record.txId === txId);
    return at < 0 ? undefined : { blockNumber: 10 + at, txIndex: 0 };
  },
});

function decided(decision: 'upheld' | 'rejected'): Objection {
  const objection = objectionTo('a');
  return {
    ...objection,
    decision: {
      schema: 'decision/1',
      requestId: objection.requestId,
      evidenceId: objection.evidenceId,
      objectionId: objection.id,
      decision,
      documentDigest: digestOf('decision'),
      court: OFFICER,
      txId: objection.txId,
      txTime: '2026-03-03T08:00:00.000Z',
    },
  };
}

describe('R11 every verdict of the closed set that a ledger which answers can give', () => {
  test.each<[string, Partial<EvidenceView>]>([
    ['MATCH', {}],
    ['MATCH', { objections: [decided('rejected')] }],
    ['MATCH_SUPERSEDED', { supersededBy: evidenceId('b') }],
    ['MATCH_CONTESTED', { objections: [objectionTo('a')] }],
    ['MATCH_ANNULLED', { objections: [decided('upheld')] }],
  ])('%s', (verdict, more) => {
    const result = answer(asked('file'), [recordView('a', 'file', more)], nowhere);
    expect(result.verdict).toBe(verdict);
    expect(result.records.map((record) => record.verdict)).toEqual([verdict]);
  });

  test('NOT_FOUND where the ledger has no record', () => {
    expect(answer(asked('file'), [], nowhere)).toMatchObject({ verdict: 'NOT_FOUND', records: [] });
  });

  test('MISMATCH where the record that was asked for has another digest, with both shown', () => {
    const result = answer(asked('changed', 'a'), [recordView('a', 'file')], nowhere);
    const mismatch = { algorithm: 'sha-256', registered: digestOf('file'), submitted: digestOf('changed') };
    expect(result).toMatchObject({ verdict: 'MISMATCH', mismatch, records: [{ verdict: 'MISMATCH' }] });
    expect(result.wording.zh).toContain(digestOf('file'));
    expect(result.wording.zh).toContain(digestOf('changed'));
  });
});

describe('R05 algorithm and value are one key', () => {
  test('a SHA-256 value asked as SM3 is not found, even against the very record', () => {
    const question: Question = { digests: { sm3: digestOf('file') }, id: evidenceId('a') };
    expect(answer(question, [recordView('a', 'file')], nowhere).verdict).toBe('NOT_FOUND');
  });

  test('two algorithms that disagree are a mismatch, whichever of them fits', () => {
    const { record, ...rest } = recordView('a', 'file');
    const both: EvidenceView = { ...rest, record: { ...record, digests: { ...record.digests, sm3: digestOf('sm3') } } };
    const fits: Question = { digests: { 'sha-256': digestOf('file'), sm3: digestOf('sm3') } };
    const half: Question = { digests: { 'sha-256': digestOf('file'), sm3: digestOf('other') } };
    expect(answer(fits, [both], nowhere).verdict).toBe('MATCH');
    expect(answer(half, [both], nowhere).verdict).toBe('MISMATCH');
  });
});

describe('R08 several records of one file', () => {
  const views = ['c', 'a', 'new', 'b'].map((name) => recordView(name, 'file'));

  test('come earliest in the ledger first, and what is not indexed yet last', () => {
    const { records } = answer(asked('file'), views, placesOf('a', 'b', 'c'));
    expect(records.map(({ id, blockNumber }) => [id, blockNumber])).toEqual([
      [evidenceId('a'), 10],
      [evidenceId('b'), 11],
      [evidenceId('c'), 12],
      [evidenceId('new'), null],
    ]);
  });

  test('one that stands is enough, and the answer speaks of that one', () => {
    const annulled = recordView('a', 'file', { objections: [decided('upheld')] });
    const result = answer(asked('file'), [annulled, recordView('b', 'file')], placesOf('a', 'b'));
    expect(result.verdict).toBe('MATCH');
    expect(result.wording.zh).toContain(evidenceId('b'));
    expect(result.records.map(({ verdict }) => verdict)).toEqual(['MATCH_ANNULLED', 'MATCH']);
  });

  test('R11 R12 what another record of the same file came to is said in the answer itself, worst first', () => {
    const views = [
      recordView('a', 'file', { supersededBy: evidenceId('d') }),
      recordView('b', 'file', { objections: [decided('upheld')] }),
      recordView('c', 'file', { objections: [objectionTo('c')] }),
      recordView('d', 'file'),
      recordView('e', 'file', { objections: [decided('upheld')] }),
    ];
    const result = answer(asked('file'), views, placesOf('a', 'b', 'c', 'd', 'e'));
    expect(result.verdict).toBe('MATCH');
    expect(result.caveats).toEqual([
      { verdict: 'MATCH_ANNULLED', ids: [evidenceId('b'), evidenceId('e')] },
      { verdict: 'MATCH_CONTESTED', ids: [evidenceId('c')] },
      { verdict: 'MATCH_SUPERSEDED', ids: [evidenceId('a')] },
    ]);
    expect(result.wording.zh).toContain('但同一文件另有存证：2条经法院裁定异议成立，不再据以认定；1条有异议待裁定');
    expect(result.wording.en).toContain(
      'But the same file was recorded before or since: 2 records no longer relied on',
    );
  });

  test('R05 a record whose other digest differs is a caveat of the one that fits', () => {
    const { record, ...rest } = recordView('a', 'file');
    const both = { ...rest, record: { ...record, digests: { ...record.digests, sm3: digestOf('sm3') } } };
    const question: Question = { digests: { 'sha-256': digestOf('file'), sm3: digestOf('other') } };
    const result = answer(question, [both, recordView('b', 'file')], placesOf('a', 'b'));
    expect(result).toMatchObject({ verdict: 'MATCH', caveats: [{ verdict: 'MISMATCH', ids: [evidenceId('a')] }] });
  });

  test('equal records have no caveat', () => {
    const result = answer(asked('file'), [recordView('a', 'file'), recordView('b', 'file')], placesOf('a', 'b'));
    expect(result.caveats).toEqual([]);
    expect(result.wording.zh).not.toContain('另有存证');
  });
});

describe('what anyone is shown', () => {
  const { wording, records } = answer(
    asked('file'),
    [recordView('a', 'file', { objections: [objectionTo('a')] })],
    placesOf('a'),
  );
  const [record] = records;

  test('R12 R15 the match keeps its bounds and the objection stands beside it', () => {
    expect(wording.zh).toContain('技术核验一致');
    expect(wording.zh).toContain('不证明上链前内容真实、合法');
    expect(wording.zh).toContain('异议');
    expect(wording.zh).not.toMatch(/真实有效|具有法律效力/);
    expect(record?.objections).toMatchObject([{ ground: 'source-disputed', objector: { mspId: 'ZhejiangMSP' } }]);
  });

  test('R03 R09 R16 interest, three times and statements are labelled', () => {
    expect(record).toMatchObject({
      interest: 'undeclared',
      timeTrust: 'LEDGER_ORDER_ONLY',
      claimedAt: '2026-03-01T08:00:00.000Z',
      statements: { source: 'undeclared', notarised: 'undeclared' },
    });
  });

  test('R09 a time-stamp makes the time trusted, and says how far the claims are from it', () => {
    const trustedTime = '2026-03-01T08:40:00.000Z';
    const stamped = (id: string) => (id === evidenceId('a') ? trustedTime : undefined);
    const views = [recordView('a', 'file'), recordView('b', 'file')];
    const result = answer(asked('file'), views, { ...placesOf('a', 'b'), trustedTimeOf: stamped });
    expect(result.records).toMatchObject([
      {
        ...{ timeTrust: 'TRUSTED_TIMESTAMP', trustedTime },
        timeDifferencesMs: { claimedToTrusted: 2_400_000, txToTrusted: 600_000, claimedToTx: 1_800_000 },
      },
      { timeTrust: 'LEDGER_ORDER_ONLY', timeDifferencesMs: { claimedToTx: 1_800_000 } },
    ]);
    expect(result.records[1]).not.toHaveProperty('trustedTime');
    expect(result.wording.zh).toContain('可信时间2026-03-01 16:40:00 (UTC+8)');
  });

  test('R24 no person is named, neither submitter nor objector', () => {
    expect(JSON.stringify(records)).not.toMatch(/clerk-07|officer-03/);
  });
});

describe('a question', () => {
  test('takes either case of hex and gives lower case', () => {
    const upper = digestOf('file').toUpperCase();
    expect(parseQuestion({ digests: { 'sha-256': upper } }).digests).toEqual({ 'sha-256': digestOf('file') });
  });

  test.each([
    [{}, 'REQUEST_MALFORMED'],
    [{ digests: {} }, 'REQUEST_MALFORMED'],
    [{ digests: [] }, 'REQUEST_MALFORMED'],
    [{ digests: { md5: 'd41d8cd98f00b204e9800998ecf8427e' } }, 'ALGORITHM_REFUSED'],
    [{ digests: { 'sha-256': 'f'.repeat(63) } }, 'DIGEST_MALFORMED'],
    [{ digests: { sm3: digestOf('x') }, id: 'EV1' }, 'ID_MALFORMED'],
    [{ digests: { sm3: digestOf('x') }, file: 'x' }, 'REQUEST_MALFORMED'],
  ])('%j is refused as %s', (value, code) => {
    expect(() => parseQuestion(value)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
