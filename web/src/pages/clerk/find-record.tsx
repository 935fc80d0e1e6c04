import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Link, useNavigate } from 'react-router';

import { CUSTODY_PURPOSE_WORDING } from '../../../../domain/custody-wording.js';
import { KIND_WORDING } from '../../../../domain/evidence-words.js';
import { type DeskOffers, type DeskRecords } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FindForm } from '../../desk/find-form.js';
import { useSession } from '../../session/session.js';
import { timeOf } from '../../ui/save.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../words/words.js';

const WORDS = {
  find: { zh: '按编号打开存证', en: 'Open a record by its number' },
  id: { zh: '存证编号', en: 'Number of the record' },
  wrong: { zh: '存证编号是 EV 加 32 位十六进制数字', en: 'A number is EV and 32 hex digits' },
  open: { zh: '打开', en: 'Open' },
  received: { zh: '待本单位签收的移交', en: 'Hand-overs that wait for this unit' },
  given: { zh: '本单位发出、待对方签收的移交', en: 'Hand-overs that this unit offered' },
  none: { zh: '没有', en: 'None' },
  from: { zh: '移出方：{unit}（{org}）', en: 'from {unit} ({org})' },
  to: { zh: '接收方：{unit}（{org}）', en: 'to {unit} ({org})' },
  own: { zh: '本单位的存证', en: 'Records of this unit' },
  more: { zh: '更早的', en: 'Older ones' },
  by: { zh: '提交人 {actor}', en: 'by {actor}' },
  corrects: { zh: '更正', en: 'corrects' },
} as const;

/** Records by number, hand-overs that wait, and what the own unit recorded, whoever did it and wherever. */
export function FindRecord() {
  const w = useWords(WORDS);
  const navigate = useNavigate();
  return (
    <>
      <section className="panel" aria-label={w.find}>
        <h2>{w.find}</h2>
        <FindForm
          label={w.id}
          confirm={w.open}
          wrong={w.wrong}
          fits={(text) => /^EV[0-9a-f]{32}$/.test(text)}
          maxLength={60}
          onFind={(id) => void navigate(`/clerk/record/${encodeURIComponent(id)}`)}
        />
      </section>
      <Offers side="received" title={w.received} />
      <Offers side="given" title={w.given} />
      <OwnRecords />
    </>
  );
}

function Offers({ side, title }: { readonly side: 'received' | 'given'; readonly title: string }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { json } = useSession();
  const nameOf = useOrganisation();
  const offers = useQuery({
    queryKey: ['offers', side],
    queryFn: () => json<DeskOffers>({ path: '/v1/desk/offers', query: { side } }),
  });
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      {offers.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {offers.isError && <ProblemAlert error={offers.error} retry={() => void offers.refetch()} />}
      {offers.data?.offers.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {offers.data?.offers.map(({ evidenceId, transferId, from, to, purpose, offeredAt }) => (
          <li key={transferId}>
            <Link className="mono" to={`/clerk/record/${encodeURIComponent(evidenceId)}`}>
              {evidenceId}
            </Link>
            <div className="desk-line hint">
              <span>
                {side === 'received'
                  ? fill(w.from, { unit: from.unit, org: nameOf(from.mspId) })
                  : fill(w.to, { unit: to.unit, org: nameOf(to.mspId) })}
              </span>
              <span>{say(CUSTODY_PURPOSE_WORDING[purpose])}</span>
              <span>{timeOf(offeredAt)}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnRecords() {
  const w = useWords(WORDS);
  const say = useSay();
  const { json } = useSession();
  const list = useInfiniteQuery({
    queryKey: ['own-records'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      json<DeskRecords>({
        path: '/v1/desk/records',
        query: { limit: 20, cursor: pageParam },
      }),
    getNextPageParam: ({ cursor }) => cursor,
  });
  const records = list.data?.pages.flatMap((page) => page.records) ?? [];
  return (
    <section className="panel" aria-label={w.own}>
      <h2>{w.own}</h2>
      {list.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && records.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {records.map(({ id, evidenceKind, actor, txTime, supersedes }) => (
          <li key={id}>
            <Link className="mono" to={`/clerk/record/${encodeURIComponent(id)}`}>
              {id}
            </Link>
            <div className="desk-line hint">
              <span>{say(KIND_WORDING[evidenceKind])}</span>
              <span>{timeOf(txTime)}</span>
              <span>{fill(w.by, { actor })}</span>
              {supersedes !== null && (
                <span>
                  {w.corrects}{' '}
                  <Link className="mono" to={`/clerk/record/${encodeURIComponent(supersedes)}`}>
                    {supersedes}
                  </Link>
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {w.more}
        </Button>
      )}
    </section>
  );
}
