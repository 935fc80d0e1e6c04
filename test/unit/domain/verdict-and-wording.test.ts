import { type EvidenceView } from '../../../domain/evidence-view.js';
import { judgeRecord, judgeRecords, VERDICTS, type Verdict } from '../../../domain/verdict.js';
import { matchWording, mismatchWording, statusWording } from '../../../domain/wording.js';

type Outcome = 'open' | 'upheld' | 'rejected';

function view(outcomes: readonly Outcome[], superseded = false): EvidenceView {
  const objections = outcomes.map((outcome) => (outcome === 'open' ? {} : { decision: { decision: outcome } }));
  return { objections, ...(superseded ? { supersededBy: 'EV' } : {}) } as unknown as EvidenceView;
}

describe('R11: verdicts are a closed set', () => {
  test.each<[readonly Outcome[], boolean, Verdict]>([
    [[], false, 'MATCH'],
    [['rejected'], false, 'MATCH'],
    [['open'], false, 'MATCH_CONTESTED'],
    [['rejected', 'open'], true, 'MATCH_CONTESTED'],
    [['open', 'upheld'], true, 'MATCH_ANNULLED'],
    [['rejected'], true, 'MATCH_SUPERSEDED'],
  ])('objections %j, corrected %s: %s', (outcomes, superseded, verdict) => {
    expect(judgeRecord(view(outcomes, superseded))).toBe(verdict);
  });

  test('over several records the best stands, and none means not found', () => {
    expect(judgeRecords(['MATCH_ANNULLED', 'MATCH_SUPERSEDED', 'MATCH_CONTESTED'])).toBe('MATCH_SUPERSEDED');
    expect(judgeRecords(['MATCH_ANNULLED', 'MATCH'])).toBe('MATCH');
    expect(judgeRecords([])).toBe('NOT_FOUND');
  });
});

const FORBIDDEN = /真实有效|法律效力|伪造|篡改者|forged|fake|legally valid/;

describe('R12 and R13: what people are told', () => {
  test('a match names its bounds and whose time it is', () => {
    const { zh, en } = matchWording({ algorithm: 'sm3', id: 'EV01', txTime: '2026-03-01T08:30:00.000Z' });
    expect(zh).toBe(
      '技术核验一致：所提交文件的SM3值与存证编号EV01登记值一致，登记时间2026-03-01 16:30:00 (UTC+8)（账本交易时间，由提交方申报，非可信时间）。可据此认定上链后未经篡改；不证明上链前内容真实、合法。',
    );
    expect(en).toMatch(/not a trusted time/);
  });

  test('a mismatch shows both digests and accuses nobody', () => {
    const { zh, en } = mismatchWording('sha-256', 'aa', 'bb');
    expect(zh).toBe(
      '技术核验不一致：登记的SHA-256值为aa，所提交文件的SHA-256值为bb。可能为：文件被修改、另存/转码、选错文件或编号。',
    );
    expect([zh, en].filter((text) => FORBIDDEN.test(text))).toEqual([]);
  });

  test.each(VERDICTS.filter((verdict) => verdict !== 'MATCH' && verdict !== 'MISMATCH'))(
    '%s is explained',
    (verdict) => {
      const { zh, en } = statusWording(verdict);
      expect([zh, en].filter((text) => text.length < 10 || FORBIDDEN.test(text))).toEqual([]);
    },
  );
});
