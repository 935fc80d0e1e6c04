import {
  differenceLines,
  NO_TRUSTED_TIME,
  type RecordTimes,
  TIME_LABELS,
  TIME_SOURCES,
} from '../../../../domain/record-times.js';
import { type Wording } from '../../../../domain/wording.js';
import { type Fact } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';

const DIFFERENCE: Wording = { zh: '时间差', en: 'Difference' };
const ORDER = ['claimedAt', 'txTime', 'trustedTime'] as const;

/** The times of a record, whose word each is, and how far they lie apart (requirement R09). Pure. */
export function timeFacts(times: RecordTimes, say: (wording: Wording) => string): Fact[] {
  const rows = ORDER.flatMap((name): Fact[] => {
    const time = times[name];
    if (time !== undefined) return [[say(TIME_LABELS[name]), `${timeOf(time)} · ${say(TIME_SOURCES[name])}`]];
    return name === 'trustedTime' ? [[say(TIME_LABELS[name]), say(NO_TRUSTED_TIME)]] : [];
  });
  const differences = differenceLines(times).map(say);
  return differences.length === 0 ? rows : [...rows, [say(DIFFERENCE), differences.join('；')]];
}
