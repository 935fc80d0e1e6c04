import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';

import { fill, useWords } from '../words/words.js';

const WORDS = {
  copy: { zh: '复制{what}', en: 'Copy {what}' },
  copied: { zh: '已复制', en: 'Copied' },
} as const;

/** A value in full that may be copied: digests, numbers, keys. @param what its name, for screen readers */
export function Copyable({ text, what }: { readonly text: string; readonly what: string }) {
  const w = useWords(WORDS);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, 2_000);
  };
  return (
    <span className="copyable">
      <span className="mono">{text}</span>
      <Button
        className="no-print"
        type="text"
        size="small"
        aria-label={copied ? w.copied : fill(w.copy, { what })}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy().catch(() => undefined)}
      />
    </span>
  );
}
