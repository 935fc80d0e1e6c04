import { SafetyOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { useEffect, useState } from 'react';

import { ProblemAlert } from '../../api/problem-alert.js';
import { useTheme } from '../../settings/theme.js';
import { useTrust } from '../../trust/use-trust.js';
import { type KnownTrust } from '../../trust/verifier.js';
import { PrintButton } from '../../ui/print-button.js';
import { timeOf } from '../../ui/save.js';
import { useWords } from '../../words/words.js';
import { Answers, Steps } from './answers.js';
import { ByHand } from './by-hand.js';
import { GivenPanel } from './given-panel.js';
import { InputPanel } from './input-panel.js';
import { LedgerPanel } from './ledger-panel.js';
import { LawPanel, SignedFacts } from './report-panels.js';
import { TransactionPanel } from './transaction-panel.js';
import { TrustPanel } from './trust-panel.js';
import { type Asking, useAsked } from './use-asked.js';
import { type Check, useCheck } from './use-check.js';
import { WORDS } from './words.js';
import './verify.css';

/** 核验, for anyone: a file, a receipt, a code, a number or a digest; three answers, and how to do without this page. */
export function VerifyPage() {
  const w = useWords(WORDS);
  const [shown, setShown] = useState(false);
  const [own, setOwn] = useState<KnownTrust>();
  const asking = useAsked(setOwn);
  const { asked } = asking;
  const nothing = Object.keys(asked).every((name) => name === 'asOf');
  const trust = useTrust(shown || !nothing, own, setOwn);
  const check = useCheck(asked, trust.trust);
  const { report, law } = check.judged.value ?? {};
  useSight('given', !nothing);
  return (
    <div className="verify">
      <h1>{w.title}</h1>
      <p className="privacy">
        <SafetyOutlined aria-hidden /> {w.privacy}
      </p>
      <InputPanel onFiles={(files) => void asking.takeFiles(files)} onText={asking.takeText} />
      {!nothing && (
        <GivenPanel asked={asked} onRemove={asking.remove} onAsOf={asking.setAsOf} onRestart={asking.restart} />
      )}
      <Results check={check} asking={asking} />
      <Steps report={report} running={check.judged.running} />
      {report?.facts !== undefined && <SignedFacts facts={report.facts} />}
      {law !== undefined && <LawPanel law={law} />}
      <TrustPanel
        choice={trust}
        show={() => {
          setShown(true);
        }}
      />
      <ByHand receipt={check.receipt} trustBytes={trust.trust?.bytes} />
      {check.judged.atMs + check.transaction.atMs > 0 && (
        <Printing atMs={Math.max(check.judged.atMs, check.transaction.atMs)} />
      )}
    </div>
  );
}

/** Brings a part of the page into sight once it is there, where it begins below the middle: a phone shows little at once. */
function useSight(id: string, there: boolean): void {
  const { motion } = useTheme();
  useEffect(() => {
    const part = there ? document.getElementById(id) : null;
    if (part === null || part.getBoundingClientRect().top < innerHeight / 2) return;
    part.scrollIntoView({ behavior: motion ? 'smooth' : 'auto' });
  }, [id, there, motion]);
}

function Printing({ atMs }: { readonly atMs: number }) {
  const w = useWords(WORDS);
  return (
    <p className="row between">
      <span className="hint">
        {w.printedAt} {timeOf(new Date(atMs).toISOString())}
      </span>
      <PrintButton />
    </p>
  );
}

/** The answers themselves, said aloud to who cannot see them as soon as they are there. */
function Results({ check, asking }: { readonly check: Check; readonly asking: Asking }) {
  const w = useWords(WORDS);
  const { judged, ledger } = check;
  const { report } = judged.value ?? {};
  const recordId = recordOf(check);
  return (
    <div aria-live="polite">
      <TransactionPanel transaction={check.transaction} />
      {(check.asked || judged.running) && (
        <section className="panel" aria-labelledby="answers">
          <h2 id="answers">{w.answers}</h2>
          {report === undefined && judged.error === null && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
          {judged.error !== null && <ProblemAlert error={judged.error} retry={judged.retry} />}
          {report !== undefined && <Answers answers={report.answers} />}
          {asking.asked.receipt !== undefined && recordId !== undefined && (
            <p className="row no-print">
              {w.offline}
              <Button
                onClick={() => {
                  asking.askNow(recordId);
                }}
              >
                {w.askNow}
              </Button>
            </p>
          )}
        </section>
      )}
      <LedgerPanel ledger={ledger} onRecord={asking.askOther} />
    </div>
  );
}

/** The record that a judged receipt is about, where it is one of evidence. */
function recordOf({ judged }: Check): NonNullable<Asking['asked']['id']> | undefined {
  const answer = judged.value?.report.facts?.answer;
  const [type, id] = answer?.subject ?? [];
  return answer?.found === true && type === 'evidence' ? (id as NonNullable<Asking['asked']['id']>) : undefined;
}
