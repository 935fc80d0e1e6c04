import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Link, useNavigate } from 'react-router';

import { type DeskLicenses, type DeskRenewals } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FindForm } from '../../desk/find-form.js';
import { type Session, useSession } from '../../session/session.js';
import { timeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';
import { readLicenceId } from '../licence/licence-status.js';

const WORDS = {
  find: { zh: '按标识打开证照', en: 'Open a licence by its identifier' },
  id: { zh: '证照标识', en: 'Licence identifier' },
  wrong: {
    zh: '证照标识不对：请核对，末位校验码不符或格式有误',
    en: 'This is no licence identifier: its check character or form does not fit',
  },
  open: { zh: '打开', en: 'Open' },
  renewals: { zh: '待决定的延续申请', en: 'Renewals that wait for a decision' },
  asked: {
    zh: '持证人 {time} 申请；最后一日前未决定的，视为准予延续',
    en: 'asked {time}; silence until the last day grants it',
  },
  own: { zh: '本单位颁发的证照', en: 'Licences that this unit issued' },
  by: { zh: '经办人 {actor}', en: 'by {actor}' },
  none: { zh: '没有', en: 'None' },
  more: { zh: '更早的', en: 'Older ones' },
} as const;

/** Licences by identifier, renewals that wait, and what the own unit issued. */
export function LicencesPanel() {
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
          fits={(text) => readLicenceId(text) !== undefined}
          maxLength={120}
          onFind={(id) => void navigate(`/issuing/licence/${readLicenceId(id) ?? ''}`)}
        />
      </section>
      <Renewals />
      <OwnLicences />
    </>
  );
}

/** Renewals that wait for the own unit. */
export function useRenewals({ json }: Session) {
  return useQuery({ queryKey: ['renewals'], queryFn: () => json<DeskRenewals>({ path: '/v1/desk/renewals' }) });
}

function Renewals() {
  const w = useWords(WORDS);
  const list = useRenewals(useSession());
  return (
    <section className="panel" aria-label={w.renewals}>
      <h2>{w.renewals}</h2>
      {list.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.data?.renewals.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {list.data?.renewals.map(({ licenseId, askedAt }) => (
          <li key={licenseId}>
            <Link className="mono" to={`/issuing/licence/${licenseId}`}>
              {licenseId}
            </Link>
            <div className="hint">{fill(w.asked, { time: timeOf(askedAt) })}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnLicences() {
  const w = useWords(WORDS);
  const { json } = useSession();
  const list = useInfiniteQuery({
    queryKey: ['own-licences'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      json<DeskLicenses>({ path: '/v1/desk/licenses', query: { limit: 20, cursor: pageParam } }),
    getNextPageParam: ({ cursor }) => cursor,
  });
  const licences = list.data?.pages.flatMap((page) => page.licenses) ?? [];
  return (
    <section className="panel" aria-label={w.own}>
      <h2>{w.own}</h2>
      {list.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && licences.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {licences.map(({ id, actor, txTime }) => (
          <li key={id}>
            <Link className="mono" to={`/issuing/licence/${id}`}>
              {id}
            </Link>
            <div className="desk-line hint">
              <span>{timeOf(txTime)}</span>
              <span>{fill(w.by, { actor })}</span>
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
