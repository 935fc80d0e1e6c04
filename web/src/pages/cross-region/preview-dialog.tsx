import { useQuery } from '@tanstack/react-query';
import { Form, Skeleton } from 'antd';

import { ANSWER_WORDING, PREVIEW_WORDING } from '../../../../domain/attestation-wording.js';
import { PREVIEW_DECISIONS, type PreviewDecision } from '../../../../domain/attestation-words.js';
import { type Preview } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { useSession } from '../../session/session.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { useFieldName } from '../../words/field-names.js';
import { useSay, useWords } from '../../words/words.js';
import { signWithKeyFile } from './holder-key.js';
import { type DialogProperties } from './steps.js';

const WORDS = {
  title: { zh: '持证人预览', en: "Holder's preview" },
  about: {
    zh: '请持证人亲自查看下列内容，并用自己的私钥文件决定是否同意提供给申请单位。私钥在本机使用，不会发送。',
    en: 'The holder looks at this and decides, with their own key file, whether it may go to the asking unit. The key is used here and sent nowhere.',
  },
  answer: { zh: '核验结论', en: 'Answer' },
  decision: { zh: '持证人的决定', en: "The holder's decision" },
  key: { zh: '持证人的私钥文件（.pem）', en: "The holder's key file (.pem)" },
  sign: { zh: '签名并登记', en: 'Sign and record' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

/** The holder sees what will go and signs yes or no, at the window, with a key of their own. */
export function PreviewDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const nameOf = useFieldName();
  const { json } = useSession();
  const path = pathOf('attestations', record.id, 'preview');
  const preview = useQuery({ queryKey: ['preview', record.id], queryFn: () => json<Preview>({ path }), gcTime: 0 });
  const act = useEntry<{ readonly decision: PreviewDecision; readonly key: File }>(
    async ({ decision, key }) => {
      const { sign, digest = '' } = preview.data ?? {};
      const signature = await signWithKeyFile(key, sign?.[decision] ?? '');
      return { path, body: { decision, digest, signature } };
    },
    () => {
      onWritten(undefined);
    },
  );
  const rules = [{ required: true, message: w.required }];
  const facts: readonly Fact[] = [
    [w.answer, record.answer === undefined ? '' : say(ANSWER_WORDING[record.answer.answer])],
    ...Object.entries(preview.data?.payload?.fields ?? {}).map(([name, value]): Fact => [nameOf(name), value]),
  ];
  return (
    <FormDialog title={w.title} confirm={w.sign} act={act} onClose={onClose}>
      <p>{w.about}</p>
      {preview.isPending && <Skeleton active />}
      {preview.isError && <ProblemAlert error={preview.error} retry={() => void preview.refetch()} />}
      {preview.isSuccess && <Facts facts={facts} />}
      <Form.Item name="decision" label={w.decision} rules={rules}>
        <WordSelect words={PREVIEW_DECISIONS} wording={PREVIEW_WORDING} />
      </Form.Item>
      <Form.Item name="key" label={w.key} rules={rules}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}
