import { Form, Input } from 'antd';

import { FIELD_CHARS_MAX } from '../../../../domain/license-fields.js';
import { isUnitCode } from '../../../../domain/unit-code.js';
import { type LicenseType } from '../../../../gateway/openapi/types.js';
import { FileField } from '../../desk/file-field.js';
import { useFieldName } from '../../words/field-names.js';
import { capital, useWords } from '../../words/words.js';
import { codeOf, fieldsOf } from './face.js';

const WORDS = {
  validity: { zh: '有效期', en: 'Validity' },
  from: { zh: '第一日', en: 'First day' },
  to: { zh: '最后一日（不填为长期）', en: 'Last day (without one it has no end)' },
  toWrong: { zh: '最后一日不能早于第一日', en: 'The last day cannot be before the first one' },
  private: { zh: '照面内容', en: 'Content' },
  privateHint: {
    zh: '在本机加盐计算摘要，链上只有摘要；内容只存入本机构的私有数据，并交给持证人。',
    en: 'Digested here with a salt: the chain has digests, the content goes to the private data of the own organisation and to the holder.',
  },
  open: { zh: '公开的单位代码（上链，明文）', en: 'Unit codes that stand on the chain in clear' },
  unitWrong: { zh: '须为 18 位统一社会信用代码', en: 'A unified social credit code has 18 characters' },
  file: {
    zh: '证照文件（OFD，可选，只登记哈希值）',
    en: 'The document (OFD, optional; its digests alone are recorded)',
  },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

/** What one version of a licence says: days, private content, open codes, the document. */
export function FaceItems({ type }: { readonly type: LicenseType }) {
  const w = useWords(WORDS);
  const codes = fieldsOf(type, 'unit-code');
  const nameOf = useFieldName();
  return (
    <>
      <fieldset className="desk-set">
        <legend>{w.validity}</legend>
        <Days />
      </fieldset>
      <PrivateItems names={fieldsOf(type, 'private')} />
      {codes.length > 0 && (
        <fieldset className="desk-set">
          <legend>{w.open}</legend>
          <div className="desk-form">
            {codes.map((name) => (
              <Form.Item
                key={name}
                name={['unitCodes', name]}
                label={capital(nameOf(name))}
                rules={[{ validator: (_, text: string = '') => isCodeOrNone(text, w.unitWrong) }]}
              >
                <Input className="mono" autoComplete="off" spellCheck={false} maxLength={30} />
              </Form.Item>
            ))}
          </div>
        </fieldset>
      )}
      <Form.Item name="file" label={w.file}>
        <FileField />
      </Form.Item>
    </>
  );
}

function Days() {
  const w = useWords(WORDS);
  return (
    <div className="desk-form">
      <Form.Item name="validFrom" label={w.from} rules={[{ required: true, message: w.required }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item
        name="validTo"
        label={w.to}
        dependencies={['validFrom']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, to: string = '') =>
              to === '' || to >= String(getFieldValue('validFrom'))
                ? Promise.resolve()
                : Promise.reject(new Error(w.toWrong)),
          }),
        ]}
      >
        <Input type="date" />
      </Form.Item>
    </div>
  );
}

function PrivateItems({ names }: { readonly names: readonly string[] }) {
  const w = useWords(WORDS);
  const nameOf = useFieldName();
  if (names.length === 0) return null;
  return (
    <fieldset className="desk-set">
      <legend>{w.private}</legend>
      <p className="hint">{w.privateHint}</p>
      <div className="desk-form">
        {names.map((name) => (
          <Form.Item
            key={name}
            name={['fields', name]}
            label={capital(nameOf(name))}
            rules={[{ required: true, whitespace: true, message: w.required }]}
          >
            <Input autoComplete="off" maxLength={FIELD_CHARS_MAX} />
          </Form.Item>
        ))}
      </div>
    </fieldset>
  );
}

function isCodeOrNone(text: string, wrong: string): Promise<void> {
  const code = codeOf(text);
  return code === '' || isUnitCode(code) ? Promise.resolve() : Promise.reject(new Error(wrong));
}
