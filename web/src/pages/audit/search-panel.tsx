import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Skeleton } from 'antd';
import { useState } from 'react';

import { AUDIT_KINDS } from '../../../../domain/audit-filter.js';
import { actWording } from '../../../../domain/audit-wording.js';
import { type EventPage, type Network } from '../../../../gateway/openapi/types.js';
import { callJson, pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { useSession } from '../../session/session.js';
import { saveFile } from '../../ui/save.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../words/words.js';
import { EventRow } from './event-row.js';
import { StaleNotice } from './stale-notice.js';

const WORDS = {
  title: { zh: '检索', en: 'Search' },
  q: { zh: '编号、交易、岗位或单位', en: 'Id, transaction, post or unit' },
  org: { zh: '机构', en: 'Organisation' },
  kind: { zh: '行为', en: 'Act' },
  code: { zh: '结果', en: 'Outcome' },
  valid: { zh: '有效', en: 'valid' },
  refused: { zh: '未生效', en: 'rejected' },
  from: { zh: '从（含）', en: 'From' },
  to: { zh: '到（含）', en: 'To' },
  any: { zh: '不限', en: 'any' },
  search: { zh: '检索', en: 'Search' },
  none: { zh: '没有符合条件的行为', en: 'Nothing was found' },
  newer: { zh: '较新的一页', en: 'Newer' },
  older: { zh: '较旧的一页', en: 'Older' },
  page: { zh: '第 {page} 页，每页 {rows} 条，新的在前', en: 'Page {page}, {rows} a page, newest first' },
  csv: { zh: '导出 CSV', en: 'Export CSV' },
  ndjson: { zh: '导出 NDJSON', en: 'Export NDJSON' },
  exportHint: { zh: '导出符合当前条件的全部行为', en: 'Exports all that the present filters find' },
} as const;

/** What narrows the list; absent members do not. */
interface Filter {
  readonly q?: string;
  readonly org?: string;
  readonly kind?: string;
  readonly code?: 'VALID' | 'refused';
  readonly from?: string;
  readonly to?: string;
}
/** Rows of a page: the gateway keeps the rest, so that ten thousand rows cost no more than fifty. */
const PAGE_ROWS = 50;

/** All acts of the chain, narrowed and paged in the ledger's order, and exported. */
export function SearchPanel() {
  const w = useWords(WORDS);
  const { json } = useSession();
  const [filter, setFilter] = useState<Filter>({});
  // Cursors of the pages up to the present one; the first page has none.
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const cursor = cursors.at(-1);
  const page = useQuery({
    queryKey: ['events', filter, cursor],
    queryFn: () =>
      json<EventPage>({
        path: pathOf('audit', 'events'),
        query: { ...filter, cursor, order: 'newest', limit: PAGE_ROWS },
      }),
    placeholderData: keepPreviousData,
  });
  const next = page.data?.cursor;
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <FilterForm
        onSearch={(wanted) => {
          setFilter(wanted);
          setCursors([undefined]);
        }}
      />
      <Exports filter={filter} />
      {page.isPending && <Skeleton active />}
      {page.isError && <ProblemAlert error={page.error} retry={() => void page.refetch()} />}
      <StaleNotice index={page.data?.index} />
      {page.data?.events.length === 0 && <p className="hint">{w.none}</p>}
      <ol className="desk-list" aria-busy={page.isFetching}>
        {page.data?.events.map((event) => (
          <EventRow key={`${event.blockNumber}.${event.txIndex}`} event={event} />
        ))}
      </ol>
      <div className="desk-bar">
        <Button
          disabled={cursors.length === 1}
          onClick={() => {
            setCursors(cursors.slice(0, -1));
          }}
        >
          {w.newer}
        </Button>
        <Button
          disabled={next === undefined || page.isPlaceholderData}
          onClick={() => {
            setCursors([...cursors, next]);
          }}
        >
          {w.older}
        </Button>
        <span className="hint" aria-live="polite">
          {fill(w.page, { page: cursors.length, rows: PAGE_ROWS })}
        </span>
      </div>
    </section>
  );
}

function FilterForm({ onSearch }: { readonly onSearch: (filter: Filter) => void }) {
  const w = useWords(WORDS);
  const say = useSay();
  const network = useQuery({
    queryKey: ['network'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
  });
  const nameOf = useOrganisation();
  const organisations = (network.data?.organisations ?? []).map((value) => ({ value, label: nameOf(value) }));
  const kinds = AUDIT_KINDS.map((value) => ({ value, label: say(actWording(value)) }));
  const codes = [
    { value: 'VALID', label: w.valid },
    { value: 'refused', label: w.refused },
  ];
  return (
    <Form<Filter>
      layout="vertical"
      onFinish={(values) => {
        onSearch(givenOf(values));
      }}
    >
      <div className="desk-form">
        <Form.Item name="q" label={w.q}>
          <Input className="mono" maxLength={128} autoComplete="off" allowClear />
        </Form.Item>
        <Form.Item name="org" label={w.org}>
          <Select options={organisations} allowClear placeholder={w.any} />
        </Form.Item>
        <Form.Item name="kind" label={w.kind}>
          <Select options={kinds} allowClear placeholder={w.any} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        <Form.Item name="code" label={w.code}>
          <Select options={codes} allowClear placeholder={w.any} />
        </Form.Item>
        <Form.Item name="from" label={w.from}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="to" label={w.to}>
          <Input type="date" />
        </Form.Item>
      </div>
      <div className="desk-bar">
        <Button type="primary" htmlType="submit">
          {w.search}
        </Button>
      </div>
    </Form>
  );
}

function Exports({ filter }: { readonly filter: Filter }) {
  const w = useWords(WORDS);
  const { blob } = useSession();
  const act = useAct(async (ending: 'csv' | 'ndjson') => {
    const accept = ending === 'csv' ? 'text/csv' : 'application/x-ndjson';
    saveFile(`audit.${ending}`, await blob({ path: `/v1/audit/export.${ending}`, query: { ...filter }, accept }));
  });
  return (
    <>
      <div className="desk-bar">
        <Button disabled={act.running} onClick={() => void act.run('csv')}>
          {w.csv}
        </Button>
        <Button disabled={act.running} onClick={() => void act.run('ndjson')}>
          {w.ndjson}
        </Button>
        <span className="hint">{w.exportHint}</span>
      </div>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}

/** What was filled in, without spaces around it. */
function givenOf(values: Filter): Filter {
  const given = Object.entries(values as Readonly<Record<string, string | undefined>>).flatMap(([name, value]) => {
    const text = value?.trim() ?? '';
    return text === '' ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given);
}
