import { useState } from 'react';

import { type Answers } from '../../../../../gateway/openapi/types.js';
import { type LicenseUse } from '../../../../../domain/license-use.js';
import { pathOf } from '../../../api/client.js';
import { ProblemAlert } from '../../../api/problem-alert.js';
import { useEntry } from '../../../desk/use-entry.js';
import { RoleGate } from '../../../layout/role-gate.js';
import { useWords } from '../../../words/words.js';
import { type Handed } from '../holder/holder-calls.js';
import { CodeInput } from './code-input.js';
import { Shown, type ShownUse } from './shown.js';
import { WORDS } from './words.js';

/** Who may read under a grant (docs/formats/rest.md). */
const ROLES = ['clerk', 'notary', 'issuer', 'officer'] as const;

/** The counter: a holder shows a code, the officer reads it, and both see what came of it. */
export function CounterPanel() {
  // Whoever comes next is another use, even under the same grant; what is tried again for one person is the same.
  const [turn, setTurn] = useState(0);
  return (
    <RoleGate roles={ROLES}>
      <Counter
        key={turn}
        onNext={() => {
          setTurn(turn + 1);
        }}
      />
    </RoleGate>
  );
}

function Counter({ onNext }: { readonly onNext: () => void }) {
  const w = useWords(WORDS);
  const [shown, setShown] = useState<ShownUse>();
  const act = useEntry<Handed, Answers['useLicense']>(
    ({ licenseId, grantId, matterCode, presentation }) => ({
      path: pathOf('licenses', licenseId, 'presentations'),
      body: { grantId, matterCode, ...(presentation !== undefined && { presentation }) },
    }),
    ({ stored, txId }) => {
      setShown((before) => before && { ...before, use: stored as unknown as LicenseUse, txId });
    },
  );
  const take = (handed: Handed): void => {
    setShown({ handed });
    void act.run(handed);
  };
  return (
    <>
      <section className="panel no-print" aria-labelledby="counter">
        <h2 id="counter">{w.title}</h2>
        <p className="hint">{w.about}</p>
        <CodeInput running={act.running} onHanded={take} />
        <div aria-live="polite">{act.problem !== undefined && <ProblemAlert error={act.problem} />}</div>
      </section>
      {shown?.use !== undefined && act.problem === undefined && <Shown shown={shown} onNext={onNext} />}
    </>
  );
}
