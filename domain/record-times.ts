import { optional } from './fields.js';
import { type Wording } from './wording.js';

/** What a record's place in time rests on: the ledger's order alone, or an authority's RFC 3161 time-stamp besides. */
export type TimeTrust = 'LEDGER_ORDER_ONLY' | 'TRUSTED_TIMESTAMP';

/** The three times of a record, each from another mouth (requirement R09). RFC 3339 all. */
export interface RecordTimes {
  /** 申报时间: when the file came to be, as who recorded it says. Only in the record itself. */
  readonly claimedAt?: string;
  /** 登记时间: the transaction's own time, its client's claim. */
  readonly txTime: string;
  /** 可信时间: when a time-stamping authority saw that organisations hold the record. */
  readonly trustedTime?: string;
}

/** Milliseconds from an earlier-named time to a later-named one; negative where it runs the other way. */
export interface TimeDifferencesMs {
  readonly claimedToTx?: number;
  readonly claimedToTrusted?: number;
  readonly txToTrusted?: number;
}

/** Pure. */
export function timeTrustOf({ trustedTime }: RecordTimes): TimeTrust {
  return trustedTime === undefined ? 'LEDGER_ORDER_ONLY' : 'TRUSTED_TIMESTAMP';
}

/** How far the times lie apart; what lacks one of its two, or holds no time, is left out. Pure. */
export function timeDifferencesMs({ claimedAt, txTime, trustedTime }: Partial<RecordTimes>): TimeDifferencesMs {
  return {
    ...optional('claimedToTx', between(claimedAt, txTime)),
    ...optional('claimedToTrusted', between(claimedAt, trustedTime)),
    ...optional('txToTrusted', between(txTime, trustedTime)),
  };
}

function between(from: string | undefined, to: string | undefined): number | undefined {
  const ms = from === undefined || to === undefined ? Number.NaN : Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? undefined : ms;
}

/** What the three times are called, wherever people see them. */
export const TIME_LABELS = {
  claimedAt: { zh: '申报时间', en: 'Claimed time of the file' },
  txTime: { zh: '登记时间', en: 'Recorded at' },
  trustedTime: { zh: '可信时间', en: 'Trusted time' },
} as const satisfies Record<keyof RecordTimes, Wording>;

/** Whose word each time is. */
export const TIME_SOURCES = {
  claimedAt: { zh: '存证主体申报', en: 'as claimed' },
  txTime: { zh: '账本交易时间，由提交方申报，非可信时间', en: 'ledger transaction, as claimed, not trusted' },
  trustedTime: { zh: 'RFC 3161 可信时间戳', en: 'RFC 3161 time-stamp' },
} as const satisfies Record<keyof RecordTimes, Wording>;

/** The same inside of an English sentence. */
const PLAIN_NAMES = { claimedAt: 'claimed time', txTime: 'recorded time', trustedTime: 'trusted time' } as const;

/** Said in the place of a trusted time where there is none. */
export const NO_TRUSTED_TIME: Wording = {
  zh: '无可信时间戳，仅账本次序可以确定',
  en: 'none: only the ledger’s order is certain',
};

/** How far apart, one line a pair of times, in the order in which people read them. Pure. */
export function differenceLines(times: Partial<RecordTimes>): Wording[] {
  const { claimedToTx, claimedToTrusted, txToTrusted } = timeDifferencesMs(times);
  return [
    ...differenceLine('txTime', 'claimedAt', claimedToTx),
    ...differenceLine('trustedTime', 'claimedAt', claimedToTrusted),
    ...differenceLine('trustedTime', 'txTime', txToTrusted),
  ];
}

function differenceLine(later: keyof RecordTimes, earlier: keyof RecordTimes, ms: number | undefined): Wording[] {
  if (ms === undefined) return [];
  const span = spanWording(ms);
  const [zh, en] = ms < 0 ? ['早', 'before'] : ['晚', 'after'];
  return [
    {
      zh: `${TIME_LABELS[later].zh}比${TIME_LABELS[earlier].zh}${zh} ${span.zh}`,
      en: `the ${PLAIN_NAMES[later]} is ${span.en} ${en} the ${PLAIN_NAMES[earlier]}`,
    },
  ];
}

const UNITS = [
  [86_400_000, '天', 'd'],
  [3_600_000, '小时', 'h'],
  [60_000, '分', 'min'],
] as const;

/** `10 分 0.5 秒`, `10 min 0.5 s`; without a sign. */
function spanWording(ms: number): Wording {
  let rest = Math.abs(ms);
  const zh: string[] = [];
  const en: string[] = [];
  for (const [unitMs, chinese, english] of UNITS) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count === 0) continue;
    zh.push(`${count} ${chinese}`);
    en.push(`${count} ${english}`);
  }
  return { zh: [...zh, `${rest / 1000} 秒`].join(' '), en: [...en, `${rest / 1000} s`].join(' ') };
}
