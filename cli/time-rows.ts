import { differenceLines, type RecordTimes } from '../domain/record-times.js';

type Row = readonly [label: string, value: string];

/** The times of a record, whose word each is, and how far they lie apart (requirement R09). Pure. */
export function timeRows(times: RecordTimes): Row[] {
  const { claimedAt, txTime, trustedTime } = times;
  return [
    ...(claimedAt === undefined ? [] : [['申报时间 claimed', `${claimedAt} (申报 as claimed)`] as const]),
    ['登记时间 recorded', `${txTime} (申报 as claimed)`],
    ...trustedRow(trustedTime),
    ...differenceLines(times).map(({ zh }, index): Row => [index === 0 ? '时间差 difference' : '', zh]),
  ];
}

/** The row of a trusted time, said also where there is none. Pure. */
export function trustedRow(trustedTime: string | undefined): Row[] {
  return [['可信时间 trusted', trustedTime ?? '无，仅账本次序可定 none, order alone']];
}
