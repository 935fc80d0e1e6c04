import { Alert, Form, type FormInstance, Input } from 'antd';
import { useState } from 'react';

import { type HolderKey, parseHolderKey } from '../../../../domain/holder-key.js';
import { DomainError } from '../../../../domain/errors.js';
import { TextSources } from '../../qr/text-sources.js';
import { useWords } from '../../words/words.js';

const WORDS = {
  key: { zh: '持证人公钥', en: "Holder's public key" },
  keyHint: {
    zh: '持证人在“证照 → 我的证照”生成并出示。一把密钥只用于一张证照；私钥不离开持证人。',
    en: 'The holder makes and shows it under “Licence → My licences”. One key for one licence; its private half stays there.',
  },
  guardian: {
    zh: '监护人公钥（如有，则由监护人代为办理）',
    en: "A guardian's public key, who alone acts then (if any)",
  },
  wrong: { zh: '公钥是 87 个字符的 P-256 公钥点', en: 'A public key is a P-256 point of 87 characters' },
  same: { zh: '监护人的公钥须与持证人的不同', en: "The guardian's key must be another one" },
  scan: { zh: '扫描公钥', en: 'Scan the key' },
  picture: { zh: '上传公钥二维码图片', en: 'Picture of the key' },
  file: { zh: '打开公钥文件', en: 'Open the key file' },
  strange: { zh: '这里没有持证人公钥。', en: 'There is no public key of a holder in this.' },
} as const;

/** Longest file that is read as a public key, bytes. */
const KEY_BYTES_MAX = 1_000;

/** Form values of the keys that act for a holder. */
export interface KeyValues {
  readonly key: string;
  readonly guardianKey?: string;
}

/** The keys of a holder, typed, scanned, or read from a picture or file. @param form whose values are {@link KeyValues} */
export function KeyItems<Values extends KeyValues>({ form }: { readonly form: FormInstance<Values> }) {
  const w = useWords(WORDS);
  const [strange, setStrange] = useState(false);
  const take = (text: string | undefined): void => {
    const key = text === undefined ? undefined : readKey(text);
    setStrange(text !== undefined && key === undefined);
    if (key === undefined) return;
    (form as FormInstance).setFieldValue('key', key);
    void form.validateFields(['key' as never]).catch(() => undefined);
  };
  const wellFormed = async (_: unknown, text: string | undefined): Promise<void> => {
    if (text !== undefined && text.trim() !== '' && readKey(text) === undefined)
      return Promise.reject(new Error(w.wrong));
  };
  const another = async (_: unknown, text: string | undefined): Promise<void> => {
    const own = (form as FormInstance).getFieldValue('key') as string | undefined;
    if (text !== undefined && text.trim() !== '' && text.trim() === own?.trim())
      return Promise.reject(new Error(w.same));
  };
  return (
    <>
      <Form.Item
        name="key"
        label={w.key}
        extra={w.keyHint}
        rules={[{ required: true, message: w.wrong }, { validator: wellFormed }]}
      >
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={120} />
      </Form.Item>
      <div className="block">
        <TextSources labels={w} bytesMax={KEY_BYTES_MAX} onText={take} />
        {strange && <Alert className="block" role="alert" type="warning" showIcon title={w.strange} />}
      </div>
      <Form.Item name="guardianKey" label={w.guardian} rules={[{ validator: wellFormed }, { validator: another }]}>
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={120} />
      </Form.Item>
    </>
  );
}

/** The keys as the gateway takes them. */
export function keysOf({ key, guardianKey = '' }: KeyValues): { readonly key: string; readonly guardianKey?: string } {
  return { key: key.trim(), ...(guardianKey.trim() !== '' && { guardianKey: guardianKey.trim() }) };
}

function readKey(text: string): HolderKey | undefined {
  try {
    return parseHolderKey(text.trim(), 'key');
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
