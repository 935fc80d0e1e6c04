import { Form, type FormInstance, Input } from 'antd';

import { EVIDENCE_KINDS, type EvidenceKind, type Interest } from '../../../../domain/evidence.js';
import {
  INTEREST_WORDING,
  KIND_WORDING,
  STATEMENT_LABELS,
  STATEMENT_WORDING,
} from '../../../../domain/evidence-words.js';
import { optional } from '../../../../domain/fields.js';
import { STATEMENT_NAMES, STATEMENT_WORDS, type StatementName } from '../../../../domain/statements.js';
import { saltText } from '../../desk/salted.js';
import { useErrorsInLanguage } from '../../desk/use-errors-in-language.js';
import { WordSelect } from '../../desk/word-select.js';
import { capital, useSay, useWords } from '../../words/words.js';
import { type Declared } from './queued-file.js';

const WORDS = {
  kind: { zh: '证据种类', en: 'Kind of evidence' },
  kindMissing: { zh: '请选择证据种类', en: 'Choose the kind of evidence' },
  interest: { zh: '提交方与争议有无利害关系', en: 'Is the submitter a party to the dispute?' },
  case: { zh: '案号', en: 'Case number' },
  caseHint: {
    zh: '只登记加盐哈希值；案号与盐值留在本机，请随案保存清单。',
    en: 'Only its salted digest is recorded; number and salt stay here: keep the list with the case.',
  },
  statements: {
    zh: '上链前真实性说明（在线诉讼规则第十八条）',
    en: 'Statements about the time before recording (Online Litigation Rules, article 18)',
  },
  undeclared: { zh: '未说明', en: 'undeclared' },
  statementsHint: {
    zh: '没有把握的不必填：空着即为“未说明”，会照实写在回执和证书上。',
    en: 'Leave out what you cannot say: empty lines read "undeclared" on receipt and certificate.',
  },
} as const;

/** What the form holds; a line that nobody filled is absent. */
export interface DeclarationValues {
  readonly kind: EvidenceKind;
  readonly interest?: Interest;
  readonly case?: string;
  readonly statements?: Readonly<Partial<Record<StatementName, string | undefined>>>;
}

const SAID_INTERESTS = ['none', 'party'] as const satisfies readonly Interest[];

/** What is declared about files: kind, the six lines of article 18, interest of article 17. Nothing is preselected. */
export function DeclarationForm({ form }: { readonly form: FormInstance<DeclarationValues> }) {
  const w = useWords(WORDS);
  const say = useSay();
  useErrorsInLanguage(form);
  return (
    <Form form={form} layout="vertical" requiredMark scrollToFirstError preserve>
      <div className="desk-form">
        <Form.Item name="kind" label={w.kind} rules={[{ required: true, message: w.kindMissing }]}>
          <WordSelect words={EVIDENCE_KINDS} wording={KIND_WORDING} placeholder={w.kindMissing} />
        </Form.Item>
        <Form.Item name="interest" label={w.interest}>
          <WordSelect words={SAID_INTERESTS} wording={INTEREST_WORDING} placeholder={w.undeclared} clearable />
        </Form.Item>
        <Form.Item name="case" label={w.case} extra={w.caseHint}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      </div>
      <fieldset className="desk-set">
        <legend>{w.statements}</legend>
        <p className="hint">{w.statementsHint}</p>
        <div className="desk-form">
          {STATEMENT_NAMES.map((name) => (
            <Form.Item key={name} name={['statements', name]} label={capital(say(STATEMENT_LABELS[name]))}>
              <WordSelect
                words={STATEMENT_WORDS[name].filter((word) => word !== 'undeclared')}
                wording={STATEMENT_WORDING}
                placeholder={w.undeclared}
                clearable
              />
            </Form.Item>
          ))}
        </div>
      </fieldset>
    </Form>
  );
}

/** The form's values as they go with the files. @param salt for the case number, drawn once a form */
export function declaredOf(
  { kind, interest, case: text = '', statements = {} }: DeclarationValues,
  salt: string,
): Declared {
  const said = Object.entries(statements).filter(([, word]) => word !== undefined);
  const salted = text.trim() === '' ? undefined : { text: text.trim(), ...saltText(text, salt) };
  return { kind, statements: Object.fromEntries(said), ...optional('interest', interest), ...optional('case', salted) };
}
