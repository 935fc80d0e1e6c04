import { Form, Input } from 'antd';

import { ANSWER_WORDING, OUTCOME_WORDING } from '../../../../domain/attestation-wording.js';
import { CLOSING_OUTCOMES, type ClosingOutcome } from '../../../../domain/attestation-words.js';
import { pathOf } from '../../api/client.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { useSay, useWords } from '../../words/words.js';
import { type DialogProperties } from './steps.js';

const WORDS = {
  accept: { zh: '会签', en: 'Countersign' },
  acceptWhat: {
    zh: '会签后两地签署同一哈希值，核验即为出具。将会签的内容：',
    en: 'Both regions then have signed one digest. What is countersigned:',
  },
  answer: { zh: '核验结论', en: 'Answer' },
  validUntil: { zh: '有效期至', en: 'Good until' },
  digest: { zh: '哈希值', en: 'Digest' },
  use: { zh: '使用核验结果', en: 'Use' },
  matter: { zh: '用于的事项编码', en: 'Matter that it is used for' },
  decision: { zh: '决定文书号（只登记加盐哈希值）', en: "The decision's file number (salted digest only)" },
  close: { zh: '办结', en: 'Close the case' },
  outcome: { zh: '办理结果', en: 'Outcome' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

/** The second signature. */
export function AcceptDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const { answer } = record;
  const act = useEntry<object>(
    () => ({ path: pathOf('attestations', record.id, 'accept'), body: { digest: answer?.digest ?? '' } }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.accept} confirm={w.accept} act={act} onClose={onClose}>
      <p>{w.acceptWhat}</p>
      {answer !== undefined && (
        <Facts
          facts={[
            [w.answer, say(ANSWER_WORDING[answer.answer])],
            [w.validUntil, timeOf(answer.validUntil)],
            [
              w.digest,
              <span key="digest" className="mono">
                {answer.digest}
              </span>,
            ],
          ]}
        />
      )}
    </FormDialog>
  );
}

/** Used once, for the matter that it was asked for; another matter is refused, and the refusal says so. */
export function UseDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly matter: string; readonly decision: string }>(
    ({ matter, decision }, salting) => {
      const salted = salting.text(decision);
      const body = { matter: matter.trim(), decisionReference: salted.digest };
      return { path: pathOf('attestations', record.id, 'use'), body, salted };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  const rules = [{ required: true, whitespace: true, message: w.required }];
  return (
    <FormDialog title={w.use} confirm={w.use} act={act} onClose={onClose} initial={{ matter: record.matter }}>
      <Form.Item name="matter" label={w.matter} rules={rules}>
        <Input className="mono" maxLength={31} autoComplete="off" />
      </Form.Item>
      <Form.Item name="decision" label={w.decision} rules={rules}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}

/** What became of the matter. */
export function CloseDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly outcome: ClosingOutcome }>(
    (body) => ({ path: pathOf('attestations', record.id, 'close'), body }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.close} confirm={w.close} act={act} onClose={onClose}>
      <Form.Item name="outcome" label={w.outcome} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={CLOSING_OUTCOMES} wording={OUTCOME_WORDING} />
      </Form.Item>
    </FormDialog>
  );
}
