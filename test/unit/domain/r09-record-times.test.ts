import { chinaTime } from '../../../domain/calendar.js';
import { differenceLines, timeDifferencesMs, timeTrustOf } from '../../../domain/record-times.js';
import { matchWording } from '../../../domain/wording.js';

const TIMES = {
  claimedAt: '2026-03-01T08:00:00.000Z',
  txTime: '2026-03-01T08:20:00.500Z',
  trustedTime: '2026-03-01T08:30:01.000Z',
};

describe('R09: three times, whose word each is, and how far they lie apart', () => {
  test('a clock that is ten minutes slow shows against the authority', () => {
    expect(timeDifferencesMs(TIMES)).toEqual({
      claimedToTx: 1_200_500,
      claimedToTrusted: 1_801_000,
      txToTrusted: 600_500,
    });
    expect(differenceLines(TIMES)).toEqual([
      { zh: '登记时间比申报时间晚 20 分 0.5 秒', en: 'the recorded time is 20 min 0.5 s after the claimed time' },
      { zh: '可信时间比申报时间晚 30 分 1 秒', en: 'the trusted time is 30 min 1 s after the claimed time' },
      { zh: '可信时间比登记时间晚 10 分 0.5 秒', en: 'the trusted time is 10 min 0.5 s after the recorded time' },
    ]);
  });

  test('a claim that lies after what it should precede is said to', () => {
    const late = { ...TIMES, claimedAt: '2026-03-03T09:30:01.000Z' };
    expect(differenceLines(late)[1]?.zh).toBe('可信时间比申报时间早 2 天 1 小时 0 秒');
  });

  test('only a token makes a time trusted, and no time is made up', () => {
    expect(timeTrustOf(TIMES)).toBe('TRUSTED_TIMESTAMP');
    const { trustedTime: _, ...without } = TIMES;
    expect(timeTrustOf(without)).toBe('LEDGER_ORDER_ONLY');
    expect(Object.keys(timeDifferencesMs(without))).toEqual(['claimedToTx']);
    expect(timeDifferencesMs({ txTime: TIMES.txTime })).toEqual({});
  });

  test('R12 the sentence of a match names the trusted time and what it proves, and still not the content', () => {
    const { zh, en } = matchWording({ algorithm: 'sm3', id: 'EV01', ...TIMES });
    expect(zh).toBe(
      '技术核验一致：所提交文件的SM3值与存证编号EV01登记值一致，登记时间2026-03-01 16:20:00 (UTC+8)（账本交易时间，由提交方申报，非可信时间），可信时间2026-03-01 16:30:01 (UTC+8)（RFC 3161 可信时间戳：不晚于此时已登记）。可据此认定上链后未经篡改；不证明上链前内容真实、合法。',
    );
    expect(en).toContain('trusted time 2026-03-01 16:30:01 (UTC+8) (RFC 3161 time-stamp: recorded no later than that)');
  });

  test('times are told by the clock of China, also where its day is another, and what is no time stays as it is', () => {
    expect(chinaTime('2026-11-25T19:26:16.218Z')).toBe('2026-11-26 03:26:16 (UTC+8)');
    expect(chinaTime('2026-12-31T23:59:59+08:00')).toBe('2026-12-31 23:59:59 (UTC+8)');
    expect(chinaTime('<b>soon</b>')).toBe('<b>soon</b>');
  });
});
