import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';

import {
  ANSWER_WORDING,
  BASIS_WORDING,
  OUTCOME_WORDING,
  PREVIEW_WORDING,
  PURPOSE_WORDING,
  REFUSAL_WORDING,
  stateWording,
  WITHDRAWAL_WORDING,
} from '../../../../domain/attestation-wording.js';
import { type Wording } from '../../../../domain/wording.js';
import {
  type Attestation,
  type AttestationTiming,
  type AttestationView,
  type UseStep,
} from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { SaltNote } from '../../desk/salt-note.js';
import { type Salted } from '../../desk/salted.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { useFieldName } from '../../words/field-names.js';
import { capital, useSay, useWords } from '../../words/words.js';
import { Deadline } from './deadline.js';
import { ObjectionRows } from './objection-rows.js';
import { PayloadPanel } from './payload-panel.js';
import { resolvesObjections, STEPS, stepsFor } from './steps.js';

const WORDS = {
  title: { zh: '跨域核验', en: 'Cross-region attestation' },
  id: { zh: '核验编号', en: 'Number' },
  asker: { zh: '申请单位', en: 'Asked by' },
  answerer: { zh: '答复单位', en: 'Answered by' },
  item: { zh: '核验事项', en: 'Item' },
  matter: { zh: '事项编码', en: 'Matter' },
  purpose: { zh: '应用场景', en: 'What for' },
  law: { zh: '法律依据', en: 'Legal basis' },
  basis: { zh: '申请依据', en: 'Basis' },
  fields: { zh: '申请字段', en: 'Fields' },
  asked: { zh: '申请时间', en: 'Asked at' },
  answer: { zh: '核验结论', en: 'Answer' },
  asOf: { zh: '结论截至', en: 'As of' },
  system: { zh: '数据来源系统', en: 'Source system' },
  validUntil: { zh: '结论有效期至', en: 'Good until' },
  digest: { zh: '两地共同签署的哈希值', en: 'Digest that both sign' },
  refused: { zh: '拒绝理由', en: 'Why it was refused' },
  preview: { zh: '持证人预览', en: "The holder's preview" },
  previewWaits: { zh: '等待持证人预览并决定是否同意提供', en: 'waiting for the holder to look at it and decide' },
  previewNot: { zh: '依法定职责，不需要', en: 'not needed under a statutory duty' },
  accepted: { zh: '会签', en: 'Countersigned' },
  used: { zh: '使用', en: 'Used' },
  closed: { zh: '办结', en: 'Closed' },
  withdrawn: { zh: '撤回理由', en: 'Why it was withdrawn' },
  steps: { zh: '可办理的步骤', en: 'What can be done' },
  resolveBelow: { zh: '请在下方“异议”中处理', en: 'Resolve it below, under “Objections”' },
  nothing: { zh: '现在没有本岗位可办理的步骤', en: 'Nothing for this post to do now' },
  disputed: { zh: '异议待处理期间不得使用', en: 'Not to be used while an objection waits' },
  list: { zh: '、', en: ', ' },
} as const;

/** One attestation: what was asked and answered, how it stands, and what this post may do about it. */
export function AttestationPage({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { id = '' } = useParams();
  const { json } = useSession();
  const client = useQueryClient();
  const [kept, setKept] = useState<Salted>();
  const path = pathOf('attestations', id);
  const view = useQuery({ queryKey: ['attestation', id], queryFn: () => json<AttestationView>({ path }) });
  if (view.isPending) return <Skeleton active />;
  if (view.isError) return <ProblemAlert error={view.error} retry={() => void view.refetch()} />;
  const { record, timing, objections } = view.data;
  const onWritten = (salted: Salted | undefined): void => {
    setKept(salted);
    void client.invalidateQueries({ queryKey: ['attestation'] });
    void client.invalidateQueries({ queryKey: ['attestations'] });
  };
  const title = capital(say(stateWording(record.state, timing)));
  return (
    <>
      {kept !== undefined && <SaltNote salted={kept} />}
      <Alert className="block" role="status" type={toneOf(record, timing)} showIcon title={title} />
      {record.state === 'REQUESTED' && <Deadline dueAt={record.dueAt} at={timing.at} />}
      <StepPanel who={who} view={view.data} onWritten={onWritten} />
      <section className="panel" aria-label={w.title}>
        <h2>{w.title}</h2>
        <QuestionFacts record={record} />
      </section>
      {who.role === 'officer' && <PayloadPanel id={record.id} record={record} who={who} />}
      <ObjectionRows objections={objections} record={record} who={who} onWritten={onWritten} />
    </>
  );
}

function QuestionFacts({ record }: { readonly record: Attestation }) {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  const nameOf = useFieldName();
  const { requester, item } = record;
  const facts: readonly Fact[] = [
    [w.id, <Copyable key="id" text={record.id} what={w.id} />],
    [w.asker, `${placeOf(requester)} · ${requester.name}`],
    [w.answerer, placeOf(item)],
    [w.item, item.itemId],
    [w.matter, record.matter],
    [w.purpose, say(PURPOSE_WORDING[record.purpose])],
    [w.law, record.legalBasis],
    [w.basis, say(BASIS_WORDING[record.basis])],
    [w.fields, record.fields.map(nameOf).join(w.list)],
    [w.asked, timeOf(record.txTime)],
  ];
  return <Facts facts={[...facts, ...answerFacts(record, w, say), ...laterFacts(record, w, say)]} />;
}

type Said = Readonly<Record<keyof typeof WORDS, string>>;
type Say = (wording: Wording) => string;

function answerFacts({ answer, ...record }: Attestation, w: Said, say: Say): readonly Fact[] {
  if (answer === undefined) return [];
  return [
    [w.answer, <strong key="answer">{say(ANSWER_WORDING[answer.answer])}</strong>],
    [w.asOf, timeOf(answer.asOf)],
    [w.system, answer.sourceSystem],
    [w.validUntil, timeOf(answer.validUntil)],
    [w.digest, <Copyable key="digest" text={answer.digest} what={w.digest} />],
    [w.preview, previewText(record, w, say)],
  ];
}

function laterFacts(
  { refusal, acceptance, use, closing, withdrawal }: Attestation,
  w: Said,
  say: Say,
): readonly Fact[] {
  const facts: readonly (Fact | undefined)[] = [
    refusal && [w.refused, `${say(REFUSAL_WORDING[refusal.code])} · ${refusal.code}`],
    acceptance && [w.accepted, stepText(acceptance)],
    use && [w.used, stepText(use)],
    closing && [w.closed, `${say(OUTCOME_WORDING[closing.outcome])} · ${stepText(closing)}`],
    withdrawal && [w.withdrawn, `${say(WITHDRAWAL_WORDING[withdrawal.reason])} · ${stepText(withdrawal)}`],
  ];
  return facts.filter((fact): fact is Fact => fact !== undefined);
}

function stepText({ txTime, by }: Pick<UseStep, 'txTime' | 'by'>): string {
  return `${timeOf(txTime)} · ${by.mspId} · ${by.name}`;
}

function toneOf({ state }: Attestation, { overdue, expired }: AttestationTiming): 'error' | 'warning' | 'info' {
  if (overdue || expired || ['REFUSED', 'WITHDRAWN', 'REJECTED_BY_HOLDER'].includes(state)) return 'error';
  return state === 'DISPUTED' ? 'warning' : 'info';
}

function previewText(
  { basis, preview }: Pick<Attestation, 'basis' | 'preview'>,
  w: { readonly previewWaits: string; readonly previewNot: string },
  say: (wording: Wording) => string,
): string {
  if (preview !== undefined) return say(PREVIEW_WORDING[preview.decision]);
  return basis === 'consent' ? w.previewWaits : w.previewNot;
}

interface StepProperties {
  readonly who: Who;
  readonly view: AttestationView;
  readonly onWritten: (salted: Salted | undefined) => void;
}

function StepPanel({ who, view, onWritten }: StepProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const [open, setOpen] = useState<keyof typeof STEPS>();
  const names = stepsFor(view.record, who);
  const resolves = view.record.state === 'DISPUTED' && resolvesObjections(view.record, who);
  const Dialog = open === undefined ? undefined : STEPS[open].Dialog;
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <section className="panel" aria-label={w.steps}>
      <h2>{w.steps}</h2>
      {view.record.state === 'DISPUTED' && <p className="desk-late">{w.disputed}</p>}
      {names.length === 0 && <p className="hint">{resolves ? w.resolveBelow : w.nothing}</p>}
      <div className="desk-bar">
        {names.map((name) => (
          <Button
            key={name}
            type={STEPS[name].main ? 'primary' : 'default'}
            onClick={() => {
              setOpen(name);
            }}
          >
            {say(STEPS[name].name)}
          </Button>
        ))}
      </div>
      {Dialog !== undefined && (
        <Dialog
          record={view.record}
          onClose={close}
          onWritten={(salted) => {
            close();
            onWritten(salted);
          }}
        />
      )}
    </section>
  );
}
