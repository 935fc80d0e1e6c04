import { useQuery } from '@tanstack/react-query';
import { Input, Skeleton } from 'antd';
import { useState } from 'react';

import { REFUSAL_WORDING } from '../../../../domain/attestation-wording.js';
import { actWording, codeWording } from '../../../../domain/audit-wording.js';
import { type Wording } from '../../../../domain/wording.js';
import { type StatisticRow, type Statistics } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useSession } from '../../session/session.js';
import { useSay, useWords } from '../../words/words.js';
import { BarChart, type Bar } from './bar-chart.js';
import { StaleNotice } from './stale-notice.js';

const WORDS = {
  title: { zh: '统计', en: 'Figures' },
  from: { zh: '从（含）', en: 'From' },
  to: { zh: '到（含）', en: 'To' },
  org: { zh: '按机构', en: 'By organisation' },
  kind: { zh: '按行为', en: 'By act' },
  day: { zh: '按日（北京时间）', en: 'By day (UTC+8)' },
  refusal: { zh: '拒绝与未生效', en: 'Refusals and rejections' },
  deadline: { zh: '跨域核验的时限（按答复机构）', en: 'Deadlines of attestations (by who answers)' },
  count: { zh: '有效', en: 'valid' },
  refused: { zh: '未生效', en: 'rejected' },
  onTime: { zh: '按时答复', en: 'on time' },
  late: { zh: '逾期后答复', en: 'late' },
  open: { zh: '未到期', en: 'open' },
  overdue: { zh: '逾期未答', en: 'overdue' },
  withdrawn: { zh: '未答复即终止', en: 'ended unanswered' },
  unknown: { zh: '（区块未载明）', en: '(not said)' },
} as const;

const CHARTS = ['org', 'kind', 'day', 'refusal', 'deadline'] as const;
type Chart = (typeof CHARTS)[number];

/** What the index counts, a chart each, with its figures as texts for who does not see bars. */
export function ChartsPanel() {
  const w = useWords(WORDS);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <div className="desk-form">
        <label>
          {w.from}
          <Input
            type="date"
            onChange={({ target }) => {
              setFrom(target.value === '' ? undefined : target.value);
            }}
          />
        </label>
        <label>
          {w.to}
          <Input
            type="date"
            onChange={({ target }) => {
              setTo(target.value === '' ? undefined : target.value);
            }}
          />
        </label>
      </div>
      <div className="charts">
        {CHARTS.map((chart) => (
          <Figures key={chart} chart={chart} from={from} to={to} />
        ))}
      </div>
    </section>
  );
}

interface Properties {
  readonly chart: Chart;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function Figures({ chart, from, to }: Properties) {
  const w = useWords(WORDS);
  const say = useSay();
  const { json } = useSession();
  const rows = useQuery({
    queryKey: ['statistics', chart, from, to],
    queryFn: () =>
      json<Statistics>({
        path: pathOf('audit', 'statistics'),
        query: { by: chart, from, to, zone: '+08:00' },
      }),
  });
  const bars = inOrder(chart, rows.data?.rows)?.map((row): Bar => ({
    name: nameOf(chart, row, w.unknown, say),
    parts: partsOf(chart, row, w),
  }));
  return (
    <div>
      <StaleNotice index={chart === 'org' ? rows.data?.index : undefined} />
      {rows.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
      {rows.isError && <ProblemAlert error={rows.error} retry={() => void rows.refetch()} />}
      {bars !== undefined && <BarChart title={w[chart]} bars={bars} />}
    </div>
  );
}

/** The latest day and the most frequent act first, as only the first bars are shown at once. */
function inOrder(chart: Chart, rows: readonly StatisticRow[] | undefined): readonly StatisticRow[] | undefined {
  if (chart === 'day') return rows && [...rows].reverse();
  if (chart === 'org' || chart === 'deadline') return rows;
  return rows && [...rows].sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
}

function nameOf(
  chart: Chart,
  { key, source }: StatisticRow,
  unknown: string,
  say: (wording: Wording) => string,
): string {
  if (chart === 'kind') return say(actWording(key));
  if (key === null) return unknown;
  if (chart !== 'refusal') return key;
  const words: Readonly<Record<string, Wording>> = REFUSAL_WORDING;
  const wording = source === 'attestation' && Object.hasOwn(words, key) ? words[key] : codeWording(key);
  return wording === undefined ? key : say(wording);
}

function partsOf(chart: Chart, row: StatisticRow, w: Readonly<Record<keyof typeof WORDS, string>>): Bar['parts'] {
  const { count = 0, refused = 0, onTime = 0, late = 0, open = 0, overdue = 0, withdrawn = 0 } = row;
  if (chart === 'refusal') return [{ name: w.refused, value: count, tone: 'bad' }];
  if (chart !== 'deadline') {
    return [
      { name: w.count, value: count - refused, tone: 'good' },
      { name: w.refused, value: refused, tone: 'bad' },
    ];
  }
  return [
    { name: w.onTime, value: onTime, tone: 'good' },
    { name: w.open, value: open, tone: 'plain' },
    { name: w.late, value: late, tone: 'warn' },
    { name: w.overdue, value: overdue, tone: 'bad' },
    { name: w.withdrawn, value: withdrawn, tone: 'plain' },
  ];
}
