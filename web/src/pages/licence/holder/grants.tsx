import { Button } from 'antd';
import { useState } from 'react';

import { PURPOSE_WORDING } from '../../../../../domain/license-use-wording.js';
import { ProblemAlert } from '../../../api/problem-alert.js';
import { useAct } from '../../../api/use-act.js';
import { timeOf } from '../../../ui/save.js';
import { usePlace } from '../../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { revokeGrant } from './holder-calls.js';
import { type KnownGrant } from './key-store.js';
import { PresentDialog } from './present-dialog.js';
import { useTrail } from './trail.js';
import { WORDS } from './words.js';

/** Grants that were made here and are not taken back, newest first: to show a code for, or to take back. */
export function Grants({ licence }: { readonly licence: Issued }) {
  const w = useWords(WORDS);
  const trail = useTrail(licence);
  const revoked =
    trail.data?.flatMap((entry) => ('grantId' in entry && entry.action === 'revoke' ? [entry.grantId] : [])) ?? [];
  const open = licence.grants.filter(({ id }) => !revoked.includes(id)).toReversed();
  return (
    <section className="licence-card">
      <h2>{w.grants}</h2>
      {open.length === 0 && <p className="hint">{w.noGrants}</p>}
      <ul className="grants">
        {open.map((grant) => (
          <Grant key={grant.id} licence={licence} grant={grant} onChanged={() => void trail.refetch()} />
        ))}
      </ul>
    </section>
  );
}

interface Properties {
  readonly licence: Issued;
  readonly grant: KnownGrant;
  readonly onChanged: () => void;
}

function Grant({ licence, grant, onChanged }: Properties) {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  const [showing, setShowing] = useState(false);
  const [nowMs] = useState(() => Date.now());
  const revoke = useAct(async () => {
    await revokeGrant(licence, grant.id);
    onChanged();
  });
  const { verifier, matterCode, purpose, notAfter, maxUses, mode } = grant.statement;
  const over = Date.parse(notAfter) < nowMs;
  return (
    <li data-grant={grant.id}>
      <div>
        <strong>{placeOf(verifier)}</strong> · {say(PURPOSE_WORDING[purpose])} ·{' '}
        <span className="mono">{matterCode}</span>
      </div>
      <div className="hint">
        {grant.purpose.text} · {over ? w.over : fill(w.until, { time: timeOf(notAfter), uses: maxUses })}
      </div>
      {revoke.problem !== undefined && <ProblemAlert error={revoke.problem} />}
      <div className="row">
        {mode === 'present' && !over && (
          <Button
            type="primary"
            onClick={() => {
              setShowing(true);
            }}
          >
            {w.show}
          </Button>
        )}
        <Button loading={revoke.running} onClick={() => void revoke.run()}>
          {w.revoke}
        </Button>
      </div>
      {showing && (
        <PresentDialog
          licence={licence}
          grant={grant}
          onClose={() => {
            setShowing(false);
            onChanged();
          }}
        />
      )}
    </li>
  );
}
