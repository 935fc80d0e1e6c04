import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { optional } from '../../../../domain/fields.js';
import { type RecordWritten } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { Problem } from '../../api/problem.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FileField } from '../../desk/file-field.js';
import { useEntry } from '../../desk/use-entry.js';
import { FileUnreadable, hashFile } from '../../hashing/hash-file.js';
import { useFocusReturn } from '../../ui/use-focus-return.js';
import { useWords } from '../../words/words.js';
import { DeclarationForm, type DeclarationValues, declaredOf } from './declaration-form.js';
import { claimedTimeOf, registrationOf } from './queued-file.js';
import { type RecordProperties } from './record-page.js';

const WORDS = {
  title: { zh: '更正存证', en: 'Correct a record' },
  about: {
    zh: '更正是一条新的存证，写明它更正哪一条。原存证不会改变，也不会删除，仍可核验。',
    en: 'A correction is a new record that names the old one. The old one is neither changed nor deleted and stays verifiable.',
  },
  file: { zh: '更正后的文件（在本机计算哈希值）', en: 'The right file (hashed here)' },
  none: { zh: '请选择文件', en: 'Choose the file' },
} as const;

/** A correction: the right file, and what is said of it. */
export function CorrectionDialog({ view, onWritten, onClose }: RecordProperties & { readonly onClose: () => void }) {
  const w = useWords(WORDS);
  const navigate = useNavigate();
  const [form] = Form.useForm<DeclarationValues>();
  const [file, setFile] = useState<File>();
  useFocusReturn();
  const act = useEntry<{ readonly file: File; readonly values: DeclarationValues }, RecordWritten>(
    async (given, { salt }) => {
      const declared = declaredOf(given.values, salt);
      const digests = await hashFile(given.file).catch(asUnreadable);
      const body = registrationOf(digests, claimedTimeOf(given.file), declared);
      return { path: pathOf('evidence', view.record.id, 'supersede'), body, ...optional('salted', declared.case) };
    },
    ({ record }, salted) => {
      onClose();
      onWritten(salted);
      void navigate(`/clerk/record/${encodeURIComponent(record.id)}`);
    },
  );
  const submit = async (): Promise<void> => {
    const values = await form.validateFields().catch(() => undefined);
    if (values !== undefined && file !== undefined) await act.run({ file, values });
  };
  return (
    <Modal
      open
      width="min(56rem, 100vw)"
      title={w.title}
      okText={file === undefined ? w.none : w.title}
      okButtonProps={{ loading: act.running, disabled: file === undefined }}
      onOk={() => void submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p>{w.about}</p>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      <p>
        <label htmlFor="correction-file">{w.file}</label> <FileField id="correction-file" onChange={setFile} />
      </p>
      <DeclarationForm form={form} />
    </Modal>
  );
}

function asUnreadable(cause: unknown): never {
  if (cause instanceof FileUnreadable) throw new Problem('FILE_UNREADABLE', {}, { cause });
  throw cause;
}
