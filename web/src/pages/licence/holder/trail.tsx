import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';

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
