import { Alert } from 'antd';

import { type IndexState } from '../../../../gateway/openapi/types.js';
import { timeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';

const WORDS = {
  behind: {
    zh: '索引只到前 {blocks} 个区块，可能缺少更新的行为；最近一次联系节点：{heard}。',
    en: 'The index holds {blocks} blocks and may lack newer acts; the peer was last heard of: {heard}.',
  },
  never: { zh: '未曾', en: 'never' },
} as const;

/** Says so where an answer may not be up to date. */
export function StaleNotice({ index }: { readonly index: IndexState | undefined }) {
  const w = useWords(WORDS);
  if (index === undefined || index.live) return null;
  const heard = index.heardAt === null ? w.never : timeOf(index.heardAt);
  return <Alert className="block" type="warning" showIcon title={fill(w.behind, { blocks: index.blocks, heard })} />;
}
