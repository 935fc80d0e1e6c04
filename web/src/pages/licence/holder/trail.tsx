import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';

import { PURPOSE_WORDING, TRAIL_WORDING } from '../../../../../domain/license-use-wording.js';
import { type TrailEntry } from '../../../../../domain/license-use.js';
import { ProblemAlert } from '../../../api/problem-alert.js';
import { timeOf } from '../../../ui/save.js';
import { fill, useSay, useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { askTrail } from './holder-calls.js';
import { fieldName, WORDS } from './words.js';

/** The trail as the chain has it; asked again where a grant was made or taken back. */
export function useTrail(licence: Issued): UseQueryResult<readonly TrailEntry[]> {
  return useQuery({
    queryKey: ['trail', licence.id, licence.grants.length],
    queryFn: () => askTrail(licence, Date.now()),
    gcTime: 0,
  });
}

/** Who looked, when, for what matter; newest first. */
export function Trail({ licence }: { readonly licence: Issued }) {
  const w = useWords(WORDS);
  const trail = useTrail(licence);
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
      {trail.data?.length === 0 && <p className="hint">{w.noTrail}</p>}
      <ul className="trail">
        {trail.data?.map((entry) => (
          <Entry key={`${entry.txId} ${entry.action}`} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry }: { readonly entry: TrailEntry }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { action, receiver, purpose, matterCode, fields, by, txTime } = entry;
  const names = fields.map((name) => say(fieldName(name))).join(', ');
  return (
    <li data-action={action}>
      <div>
        <strong>{say(TRAIL_WORDING[action])}</strong> · {receiver.unit} ({receiver.mspId})
        {by !== undefined && ` · ${fill(w.by, { by })}`}
      </div>
      <div className="hint">
        {timeOf(txTime)} · {say(PURPOSE_WORDING[purpose])} · <span className="mono">{matterCode}</span> ·{' '}
        {names === '' ? w.statusOnly : fill(w.saw, { fields: names })}
      </div>
    </li>
  );
}
