import { Alert, Button } from 'antd';
import { useState } from 'react';

import { ProblemAlert } from '../../../api/problem-alert.js';
import { useAct } from '../../../api/use-act.js';
import { useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { askRenewal } from './holder-calls.js';
import { WORDS } from './words.js';

/** 延续申请: asked for 30 days before the last day; unanswered it is granted. */
export function Renewal({ licence }: { readonly licence: Issued }) {
  const w = useWords(WORDS);
  const [asked, setAsked] = useState(false);
  const act = useAct(async () => {
    await askRenewal(licence);
    setAsked(true);
  });
  return (
    <section className="licence-card">
      <h3>{w.renewal}</h3>
      <p className="hint">{w.renewalHint}</p>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      {asked ? (
        <Alert role="status" type="success" showIcon title={w.renewalAsked} />
      ) : (
        <Button loading={act.running} onClick={() => void act.run()}>
          {w.askRenewal}
        </Button>
      )}
    </section>
  );
}
