import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';

import { PURPOSE_WORDING as ATTESTATION_PURPOSE_WORDING } from '../../../../../domain/attestation-wording.js';
import { actWording } from '../../../../../domain/audit-wording.js';
import { PURPOSE_WORDING, TRAIL_WORDING } from '../../../../../domain/license-use-wording.js';
import { type Wording } from '../../../../../domain/wording.js';
import { ProblemAlert } from '../../../api/problem-alert.js';
import { timeOf } from '../../../ui/save.js';
import { useFieldName } from '../../../words/field-names.js';
import { usePlace } from '../../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { askTrail, type TrailEntry } from './holder-calls.js';
import { WORDS } from './words.js';

/** Entries that are drawn before somebody asks for more: one page of the chain may hold thousands. */
const DRAWN = 200;

/** The trail as the chain has it, newest first; asked again where a grant was made or taken back. */
export function useTrail(licence: Issued) {
  return useInfiniteQuery({
    queryKey: ['trail', licence.id, licence.grants.length],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => askTrail(licence, Date.now(), pageParam),
    getNextPageParam: ({ older }) => older,
    // The first page has all that was done with the licence itself, so it is no older than the others as a whole.
    select: ({ pages }): readonly TrailEntry[] =>
      pages.flatMap(({ trail }) => trail).sort((left, right) => right.txTime.localeCompare(left.txTime)),
    gcTime: 0,
  });
}

/** Who looked, when, for what matter; newest first. */
export function Trail({ licence }: { readonly licence: Issued }) {
  const w = useWords(WORDS);
  const trail = useTrail(licence);
  const [drawn, setDrawn] = useState(DRAWN);
  const entries = trail.data ?? [];
  const more = (): void => {
    setDrawn(drawn + DRAWN);
    if (entries.length <= drawn + DRAWN && trail.hasNextPage) void trail.fetchNextPage();
  };
  return (
    <section className="licence-card" aria-busy={trail.isFetching}>
      <div className="row between">
        <h2>{w.trail}</h2>
        <Button loading={trail.isFetching} onClick={() => void trail.refetch()}>
          {w.refresh}
        </Button>
      </div>
      {trail.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {trail.isError && <ProblemAlert error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isSuccess && entries.length === 0 && <p className="hint">{w.noTrail}</p>}
      <ul className="trail">
        {entries.slice(0, drawn).map((entry) => (
          <Entry key={`${entry.txId} ${entry.action}`} entry={entry} />
        ))}
      </ul>
      {(entries.length > drawn || trail.hasNextPage) && (
        <Button loading={trail.isFetchingNextPage} onClick={more}>
          {w.olderEntries}
        </Button>
      )}
    </section>
  );
}

/** What was done with the licence itself, or with another region's question about it. */
function Entry({ entry }: { readonly entry: TrailEntry }) {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  const nameOf = useFieldName();
  const { action, receiver, matterCode, fields = [], by, txTime } = entry;
  return (
    <li data-action={action}>
      <div>
        <strong>{say(actionWording(entry))}</strong> · {placeOf(receiver)}
        {by !== undefined && ` · ${fill(w.by, { by })}`}
      </div>
      <div className="hint">
        {timeOf(txTime)} · {say(purposeWording(entry))} · <span className="mono">{matterCode}</span> ·{' '}
        {fields.length === 0 ? w.statusOnly : fill(w.saw, { fields: fields.map(nameOf).join(', ') })}
      </div>
    </li>
  );
}

function actionWording(entry: TrailEntry): Wording {
  return 'grantId' in entry ? TRAIL_WORDING[entry.action] : actWording(entry.action);
}

function purposeWording({ purpose }: TrailEntry): Wording {
  const known: Readonly<Record<string, Wording>> = { ...PURPOSE_WORDING, ...ATTESTATION_PURPOSE_WORDING };
  return known[purpose] ?? { zh: purpose, en: purpose };
}
