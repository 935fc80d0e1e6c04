import { Form, Input } from 'antd';
import { type RuleObject } from 'antd/es/form';

import { VALIDITY_DAYS_MAX } from '../../../../domain/attestation-steps.js';
import {
  ATTESTATION_ANSWERS,
  type AttestationAnswer,
  OFFICER_REFUSALS,
  type OfficerRefusal,
  WITHDRAWAL_REASONS,
} from '../../../../domain/attestation-words.js';
import { ANSWER_WORDING, REFUSAL_WORDING, WITHDRAWAL_WORDING } from '../../../../domain/attestation-wording.js';
import { DAY_MS } from '../../../../domain/calendar.js';
import { optional } from '../../../../domain/fields.js';
import { pathOf } from '../../api/client.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { useFieldName } from '../../words/field-names.js';
import { capital, fill, useWords } from '../../words/words.js';
import { type DialogProperties } from './steps.js';

const WORDS = {
  answer: { zh: '核验并答复', en: 'Check and answer' },
  word: { zh: '核验结论', en: 'Answer' },
  asOf: { zh: '结论截至时间', en: 'As of' },
  asOfWrong: { zh: '不能晚于现在', en: 'Not later than now' },
  validWrong: { zh: '须在今后 {days} 天之内', en: 'Within {days} days from now' },
  system: { zh: '查询的系统（如 ZJ-LICENCE）', en: 'System that was looked into (ZJ-LICENCE)' },
  systemWrong: { zh: '大写字母，用连字符分段，如 ZJ-LICENCE', en: 'Capitals in parts, such as ZJ-LICENCE' },
  validUntil: { zh: '结论有效期至', en: 'Good until' },
  evidence: { zh: '所见材料（留在本单位，只登记加盐哈希值）', en: 'What was seen (stays here, salted digest only)' },
  values: {
    zh: '要告知的字段（可选；能用结论说明的不必填）',
    en: 'Values to be told (optional; not where the answer is enough)',
  },
  refuse: { zh: '拒绝核验', en: 'Refuse' },
  code: { zh: '拒绝理由', en: 'Why' },
  reason: { zh: '补充说明（可选，只有两地机构能看到）', en: 'In words (optional, for the two organisations alone)' },
  withdraw: { zh: '撤回核验', en: 'Withdraw' },
  withdrawAbout: {
    zh: '撤回后不得再依据；已据此作出的决定会被标出。',
    en: 'Nobody may rely on it any more; a decision that did is marked.',
  },
  why: { zh: '撤回理由', en: 'Why' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

interface AnswerValues {
  readonly answer: AttestationAnswer;
  readonly asOf: string;
  readonly sourceSystem: string;
  readonly validUntil: string;
  readonly evidence: File;
  readonly values?: Readonly<Record<string, string | undefined>>;
}

/** An answer of the closed set, with what it rests on. */
export function AnswerDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<AnswerValues>(
    async (given, salting) => {
      const salted = await salting.file(given.evidence);
      const fields = toldOf(given);
      const payload = {
        schema: 'attestation-answer/1',
        salt: salting.salt,
        fields: Object.fromEntries(fields),
      } as const;
      const body = {
        answer: given.answer,
        asOf: new Date(given.asOf).toISOString(),
        sourceSystem: given.sourceSystem.trim(),
        validUntil: new Date(given.validUntil).toISOString(),
        evidenceDigest: salted.digest,
        ...optional('payload', fields.length === 0 ? undefined : payload),
      };
      return { path: pathOf('attestations', record.id, 'answer'), body, salted };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  const rules = [{ required: true, message: w.required }];
  return (
    <FormDialog title={w.answer} confirm={w.answer} act={act} onClose={onClose}>
      <Form.Item name="answer" label={w.word} rules={rules}>
        <WordSelect words={ATTESTATION_ANSWERS} wording={ANSWER_WORDING} />
      </Form.Item>
      <Form.Item name="asOf" label={w.asOf} rules={[...rules, timeRule(w.asOfWrong, (ms, nowMs) => ms <= nowMs)]}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item
        name="sourceSystem"
        label={w.system}
        rules={[...rules, { pattern: /^\s*[A-Z]{2,8}(-[A-Z]{1,10}){1,2}\s*$/, message: w.systemWrong }]}
      >
        <Input className="mono" maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="validUntil"
        label={w.validUntil}
        rules={[
          ...rules,
          timeRule(fill(w.validWrong, { days: VALIDITY_DAYS_MAX }), (ms, nowMs) => {
            return ms > nowMs && ms <= nowMs + VALIDITY_DAYS_MAX * DAY_MS;
          }),
        ]}
      >
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="evidence" label={w.evidence} rules={rules}>
        <FileField />
      </Form.Item>
      <ToldValues names={record.fields} />
    </FormDialog>
  );
}

function ToldValues({ names }: { readonly names: readonly string[] }) {
  const w = useWords(WORDS);
  const nameOf = useFieldName();
  return (
    <fieldset className="desk-set">
      <legend>{w.values}</legend>
      {names.map((name) => (
        <Form.Item key={name} name={['values', name]} label={capital(nameOf(name))}>
          <Input maxLength={256} autoComplete="off" />
        </Form.Item>
      ))}
    </fieldset>
  );
}

function toldOf({ values = {} }: AnswerValues): readonly (readonly [string, string])[] {
  return Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
  );
}

/** What the contract would refuse is said before it is sent; the clock of this machine may differ, the contract decides. */
function timeRule(message: string, fits: (ms: number, nowMs: number) => boolean): RuleObject {
  return {
    validator: (_, value?: string) => {
      const ms = Date.parse(value ?? '');
      return Number.isNaN(ms) || fits(ms, Date.now()) ? Promise.resolve() : Promise.reject(new Error(message));
    },
  };
}

/** A refusal, with its code in words. */
export function RefuseDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly code: OfficerRefusal; readonly reason?: string }>(
    ({ code, reason = '' }, { salt }) => {
      const text = reason.trim();
      const payload = text === '' ? undefined : ({ schema: 'attestation-reason/1', salt, text } as const);
      return { path: pathOf('attestations', record.id, 'refuse'), body: { code, ...optional('payload', payload) } };
    },
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.refuse} confirm={w.refuse} act={act} onClose={onClose} danger>
      <Form.Item name="code" label={w.code} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={OFFICER_REFUSALS} wording={REFUSAL_WORDING} />
      </Form.Item>
      <Form.Item name="reason" label={w.reason}>
        <Input.TextArea maxLength={500} rows={3} />
      </Form.Item>
    </FormDialog>
  );
}

/** Takes a wrong answer back; decisions that relied on it are flagged. */
export function WithdrawDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly reason: (typeof WITHDRAWAL_REASONS)[number] }>(
    (body) => ({ path: pathOf('attestations', record.id, 'withdraw'), body }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.withdraw} confirm={w.withdraw} act={act} onClose={onClose} danger>
      <p>{w.withdrawAbout}</p>
      <Form.Item name="reason" label={w.why} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={WITHDRAWAL_REASONS} wording={WITHDRAWAL_WORDING} />
      </Form.Item>
    </FormDialog>
  );
}
