import { ClockCircleOutlined } from '@ant-design/icons';

import { DAY_MS } from '../../../../domain/calendar.js';
import { timeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';

const WORDS = {
  due: { zh: '答复时限 {time}，还有 {left}', en: 'answer due {time}, {left} left' },
  late: { zh: '已逾期 {left}（时限 {time}）', en: 'overdue by {left} (due {time})' },
  days: { zh: '{count} 天', en: '{count} d' },
  hours: { zh: '{count} 小时', en: '{count} h' },
  minutes: { zh: '{count} 分钟', en: '{count} min' },
} as const;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** When an answer is due; in red, and saying so, when that is over. @param at RFC 3339: when the gateway looked */
export function Deadline({ dueAt, at }: { readonly dueAt: string; readonly at: string }) {
  const w = useWords(WORDS);
  const ms = Date.parse(dueAt) - Date.parse(at);
  const late = ms < 0;
  const long = Math.abs(ms);
  const [unit, size] =
    long >= DAY_MS
      ? ([w.days, DAY_MS] as const)
      : long >= HOUR_MS
        ? ([w.hours, HOUR_MS] as const)
        : ([w.minutes, MINUTE_MS] as const);
  const left = fill(unit, { count: Math.floor(long / size) });
  return (
    <p className={late ? 'desk-late' : 'hint'}>
      <ClockCircleOutlined aria-hidden /> {fill(late ? w.late : w.due, { time: timeOf(dueAt), left })}
    </p>
  );
}
