import {
  CheckCircleFilled,
  CloseCircleFilled,
  LoadingOutlined,
  MinusCircleOutlined,
  QuestionCircleFilled,
} from '@ant-design/icons';
import { type ReactNode } from 'react';

import { type Wording } from '../../../../domain/wording.js';
import { type FindingStatus, type Finding, STEPS } from '../../../../proof/verify/finding.js';
import { type Report, type ReportAnswer } from '../../../../proof/verify/report.js';
import { SKIPPED_WORDS, STATUS_WORDS, STEP_WORDS } from '../../../verify-page/words.js';
import { useSay, useWords } from '../../words/words.js';
import { detailTexts } from './detail-words.js';
import { WORDS } from './words.js';

type Shown = FindingStatus | 'WAITING';

const MARKS: Readonly<Record<Shown, ReactNode>> = {
  VALID: <CheckCircleFilled aria-hidden />,
  INVALID: <CloseCircleFilled aria-hidden />,
  ERROR: <QuestionCircleFilled aria-hidden />,
  SKIPPED: <MinusCircleOutlined aria-hidden />,
  WAITING: <MinusCircleOutlined aria-hidden />,
};

/** 未被篡改, 已登记且有效, 签署机构属实: three answers that never stand for each other. */
export function Answers({ answers }: { readonly answers: readonly ReportAnswer[] }) {
  const say = useSay();
  return (
    <ul className="answers">
      {answers.map((answer) => (
        <li key={answer.name} className={`answer ${answer.status}`} data-answer={answer.name}>
          <h3>{say(answer.title)}</h3>
          <Badge
            status={answer.status}
            words={answer.status === 'SKIPPED' ? SKIPPED_WORDS[answer.name] : STATUS_WORDS[answer.status]}
          />
          <p>{say(answer)}</p>
        </li>
      ))}
    </ul>
  );
}

interface StepsProperties {
  /** Absent before anything ran: every step is shown all the same. */
  readonly report: Report | undefined;
  readonly running: boolean;
}

/** Every step, before it runs and after. */
export function Steps({ report, running }: StepsProperties) {
  const w = useWords(WORDS);
  return (
    <section className="panel" aria-labelledby="steps">
      <h2 id="steps">
        {w.steps} {running && <LoadingOutlined aria-label={w.asking} />}
      </h2>
      <ol className="steps">
        {report === undefined
          ? STEPS.map((step) => <Step key={step} step={step} />)
          : report.findings.map((finding) => <Step key={finding.step} step={finding.step} finding={finding} />)}
      </ol>
    </section>
  );
}

function Step({ step, finding }: { readonly step: Finding['step']; readonly finding?: Finding }) {
  const say = useSay();
  return (
    <li className={finding?.status ?? 'WAITING'} data-step={step} data-code={finding?.code}>
      <div className="step-head">
        <strong>{say(STEP_WORDS[step])}</strong>
        <Badge status={finding?.status ?? 'WAITING'} />
      </div>
      {finding !== undefined && finding.status !== 'VALID' && <div>{say(finding)}</div>}
      {finding !== undefined && <div className="mono hint">{detailsOf(finding, say).join(' · ')}</div>}
    </li>
  );
}

function detailsOf({ status, code, details }: Finding, say: (wording: Wording) => string): readonly string[] {
  const facts = detailTexts(details, say);
  return status === 'VALID' ? facts : [code, ...facts];
}

function Badge({ status, words = STATUS_WORDS[status] }: { readonly status: Shown; readonly words?: Wording }) {
  const say = useSay();
  return (
    <span className="badge">
      {MARKS[status]} {say(words)}
    </span>
  );
}
