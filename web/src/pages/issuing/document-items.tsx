import { Form, Input, Radio } from 'antd';

import { FileField } from '../../desk/file-field.js';
import { type Salted } from '../../desk/salted.js';
import { type Salting } from '../../desk/use-entry.js';
import { useWords } from '../../words/words.js';

const WORDS = {
  basis: { zh: '依据文书（只登记加盐哈希值）', en: 'The decision it rests on (a salted digest alone is recorded)' },
  number: { zh: '文书号', en: 'Its number' },
  file: { zh: '文书文件', en: 'Its file' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

/** Form values of the document that an act rests on. */
export interface DocumentValues {
  readonly documentBy: 'number' | 'file';
  readonly documentNumber?: string;
  readonly documentFile?: File;
}

/** What a form about an act begins with. */
export const DOCUMENT_INITIAL: DocumentValues = { documentBy: 'number' };

/** The written decision of an act, by its number or as the file itself. */
export function DocumentItems() {
  const w = useWords(WORDS);
  const by = Form.useWatch<DocumentValues['documentBy']>('documentBy');
  return (
    <>
      <Form.Item name="documentBy" label={w.basis}>
        <Radio.Group
          options={[
            { value: 'number', label: w.number },
            { value: 'file', label: w.file },
          ]}
        />
      </Form.Item>
      {by === 'file' ? (
        <Form.Item name="documentFile" label={w.file} rules={[{ required: true, message: w.required }]}>
          <FileField />
        </Form.Item>
      ) : (
        <Form.Item
          name="documentNumber"
          label={w.number}
          rules={[{ required: true, whitespace: true, message: w.required }]}
        >
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
      )}
    </>
  );
}

/** Salts the decision; the text or file itself goes nowhere. */
export async function saltDocument(
  { documentBy, documentNumber = '', documentFile }: DocumentValues,
  salting: Salting,
): Promise<Salted> {
  return documentBy === 'file' && documentFile !== undefined
    ? salting.file(documentFile)
    : salting.text(documentNumber);
}
