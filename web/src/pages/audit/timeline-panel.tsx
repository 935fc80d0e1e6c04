import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { useNavigate, useParams } from 'react-router';

import { type Timeline } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FindForm } from '../../desk/find-form.js';
import { useSession } from '../../session/session.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { usePlace } from '../../ui/use-organisation.js';
import { fill, useWords } from '../../words/words.js';
import { EventRow } from './event-row.js';
import { StaleNotice } from './stale-notice.js';

const WORDS = {
  title: { zh: '一条记录的时间线', en: 'Timeline of a record' },
  id: { zh: '存证编号或核验编号', en: 'Number of a record or an attestation' },
  wrong: { zh: '编号是 EV 或 AT 加 32 位十六进制数字', en: 'EV or AT and 32 hex digits' },
  show: { zh: '查看', en: 'Show' },
  owner: { zh: '登记单位', en: 'Recorded by' },
  holder: { zh: '现保管单位', en: 'Held by' },
  asker: { zh: '申请单位', en: 'Asked by' },
  answerer: { zh: '答复单位', en: 'Answered by' },
  gap: { zh: '保管链有缺口：{at}', en: 'The chain of custody has a gap: {at}' },
  whole: { zh: '保管链完整', en: 'The chain of custody is whole' },
  custody: { zh: '保管链', en: 'Custody' },
} as const;

/** All acts on one record, oldest first, with blocks and endorsers. */
export function TimelinePanel() {
  const w = useWords(WORDS);
  const navigate = useNavigate();
  const { id } = useParams();
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <FindForm
        key={id ?? ''}
        label={w.id}
        confirm={w.show}
        wrong={w.wrong}
        fits={(text) => /^(EV|AT)[0-9a-f]{32}$/.test(text)}
        maxLength={60}
        initial={id ?? ''}
        onFind={(wanted) => void navigate(`/audit/record/${encodeURIComponent(wanted)}`)}
      />
      {id !== undefined && <Acts id={id} />}
    </section>
  );
}

function Acts({ id }: { readonly id: string }) {
  const w = useWords(WORDS);
  const { json } = useSession();
  const path = pathOf('audit', 'records', id, 'timeline');
  const timeline = useQuery({ queryKey: ['timeline', id], queryFn: () => json<Timeline>({ path }) });
  if (timeline.isPending) return <Skeleton active />;
  if (timeline.isError) return <ProblemAlert error={timeline.error} retry={() => void timeline.refetch()} />;
  const { events, index } = timeline.data;
  const gap = 'owner' in timeline.data ? timeline.data.custodyGap : null;
  return (
    <>
      <StaleNotice index={index} />
      {gap !== null && <Alert className="block" type="error" showIcon title={fill(w.gap, { at: gap })} />}
      <Whole timeline={timeline.data} />
      <ol className="desk-list">
        {events.map((event) => (
          <EventRow key={`${event.blockNumber}.${event.txIndex}`} event={event} />
        ))}
      </ol>
    </>
  );
}

function Whole({ timeline }: { readonly timeline: Timeline }) {
  const w = useWords(WORDS);
  const placeOf = usePlace();
  if (!('owner' in timeline)) {
    const { requester, answerer } = timeline;
    return (
      <Facts
        facts={[
          [w.asker, placeOf(requester)],
          [w.answerer, placeOf(answerer)],
        ]}
      />
    );
  }
  const { owner, holder, custodyGap } = timeline;
  const whole: readonly Fact[] = custodyGap === null ? [[w.custody, w.whole]] : [];
  return <Facts facts={[[w.owner, placeOf(owner)], [w.holder, placeOf(holder)], ...whole]} />;
}
