import { Alert } from 'antd';

import { Copyable } from '../ui/copyable.js';
import { useWords } from '../words/words.js';
import { type Salted } from './salted.js';

const WORDS = {
  keep: {
    zh: '链上只有加盐哈希值。请随案保存盐值：没有它，谁也无法证明链上的哈希值对应哪份文书。',
    en: 'The chain has a salted digest only. Keep the salt with the case: without it nobody can show which document it stands for.',
  },
  salt: { zh: '盐值', en: 'salt' },
  digest: { zh: '哈希值', en: 'digest' },
} as const;

/** What a salted digest leaves behind with the office. */
export function SaltNote({ salted }: { readonly salted: Salted }) {
  const w = useWords(WORDS);
  const rows = [
    [w.salt, salted.salt],
    [w.digest, salted.digest],
  ] as const;
  return (
    <Alert
      className="block"
      type="warning"
      showIcon
      title={w.keep}
      description={rows.map(([name, value]) => (
        <div key={name}>
          {name} <Copyable text={value} what={name} />
        </div>
      ))}
    />
  );
}
