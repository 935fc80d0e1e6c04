import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox, Select, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';

import { STATE_WORDING, stateWording } from '../../../../domain/attestation-wording.js';
import { ATTESTATION_STATES, type AttestationState } from '../../../../domain/attestation-words.js';
import { type AttestationLine, type AttestationList } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useSession } from '../../session/session.js';
import { timeOf } from '../../ui/save.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../words/words.js';
import { Deadline } from './deadline.js';

const WORDS = {
  received: { zh: '收件：其他地区请本机构核验', en: 'Inbox: other regions ask this organisation' },
  asked: { zh: '发件：本机构请其他地区核验', en: 'Outbox: this organisation asks other regions' },
  state: { zh: '状态', en: 'State' },
  overdue: { zh: '只看逾期', en: 'Overdue only' },
  none: { zh: '没有', en: 'None' },
  more: { zh: '更多', en: 'More' },
  from: { zh: '申请：{org} · {unit}', en: 'asked by {org} · {unit}' },
  to: { zh: '答复：{org} · {unit}', en: 'to be answered by {org} · {unit}' },
  matter: { zh: '事项 {matter}', en: 'matter {matter}' },
  requested: { zh: '申请时间 {time}', en: 'asked {time}' },
  flagged: { zh: '所依据的核验已撤回，请重审决定', en: 'what a decision relied on was withdrawn: look at it again' },
} as const;

const COLOURS: Readonly<Record<AttestationState, string>> = {
  CLOSED: 'default',
  REQUESTED: 'processing',
  ATTESTED: 'processing',
  ACCEPTED: 'success',
  USED: 'success',
  REFUSED: 'error',
  REJECTED_BY_HOLDER: 'error',
  WITHDRAWN: 'error',
  DISPUTED: 'warning',
};

/** Inbox or outbox, the nearest deadline first. */
export function AttestationList({ side }: { readonly side: 'received' | 'asked' }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { json } = useSession();
  const [state, setState] = useState<AttestationState>();
  const [overdue, setOverdue] = useState(false);
  const list = useInfiniteQuery({
    queryKey: ['attestations', side, state, overdue],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { side, state, overdue: overdue ? 'true' : undefined, cursor: pageParam, limit: 50 };
      return json<AttestationList>({ path: pathOf('attestations'), query });
    },
    getNextPageParam: ({ cursor }) => cursor,
  });
  const lines = list.data?.pages.flatMap(({ attestations, at }) => attestations.map((line) => ({ line, at }))) ?? [];
  return (
    <section className="panel" aria-label={w[side]}>
      <h2>{w[side]}</h2>
      <div className="desk-bar">
        <Select<AttestationState>
          className="desk-select"
          aria-label={w.state}
          placeholder={w.state}
          allowClear
          options={ATTESTATION_STATES.map((value) => ({ value, label: say(STATE_WORDING[value]) }))}
          onChange={setState}
        />
        <Checkbox
          checked={overdue}
          onChange={({ target }) => {
            setOverdue(target.checked);
          }}
        >
          {w.overdue}
        </Checkbox>
      </div>
      {list.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && lines.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {lines.map(({ line, at }) => (
          <LineRow key={line.id} line={line} at={at} side={side} />
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

interface RowProperties {
  readonly line: AttestationLine;
  readonly at: string;
  readonly side: 'received' | 'asked';
}

function LineRow({ line, at, side }: RowProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const nameOf = useOrganisation();
  return (
    <li className={line.overdue ? 'desk-overdue' : ''}>
      <div className="desk-line">
        <Link to={`/cross-region/one/${encodeURIComponent(line.id)}`}>
          <strong>{line.itemId}</strong> <span className="mono">{line.id}</span>
        </Link>
        <Tag color={line.overdue || line.expired ? 'error' : COLOURS[line.state]}>
          {say(stateWording(line.state, line))}
        </Tag>
      </div>
      <div className="desk-line hint">
        <span>
          {side === 'received'
            ? fill(w.from, { org: nameOf(line.asker), unit: line.askerUnit })
            : fill(w.to, { org: nameOf(line.answerer), unit: line.answererUnit })}
        </span>
        <span>{fill(w.matter, { matter: line.matter })}</span>
        <span>{fill(w.requested, { time: timeOf(line.requestedAt) })}</span>
      </div>
      {line.state === 'REQUESTED' && <Deadline dueAt={line.dueAt} at={at} />}
      {line.flagged.length > 0 && <p className="desk-late">{w.flagged}</p>}
    </li>
  );
}
