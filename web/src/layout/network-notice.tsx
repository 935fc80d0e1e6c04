import { useQuery } from '@tanstack/react-query';

import { ONE_MACHINE_NOTICE } from '../../../domain/wording.js';
import { type Network } from '../../../gateway/openapi/types.js';
import { callJson } from '../api/client.js';
import { fill, useSay, useWords } from '../words/words.js';

const WORDS = {
  about: { zh: '关于本网络', en: 'About this network' },
  where: {
    zh: '通道 {channel} · 区块 {blocks} · 本网关属于 {organisation}',
    en: 'Channel {channel} · {blocks} blocks · gateway of {organisation}',
  },
  unknown: { zh: '网络状态未知：网关没有应答。', en: 'State of the network unknown: the gateway does not answer.' },
  opinion: {
    zh: '核验结果不是法律意见；是否采信由法院认定。',
    en: 'A verification is no legal opinion; the court decides what to rely on.',
  },
  api: { zh: '接口文档', en: 'API reference' },
} as const;

/** The foot of every page: where the answers come from, and that an embedded network proves no trust. */
export function NetworkNotice() {
  const w = useWords(WORDS);
  const say = useSay();
  const network = useQuery({
    queryKey: ['network'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
    refetchInterval: 60_000,
  });
  const { data } = network;
  const { channel = '', blocks = 0, organisation = '' } = data ?? {};
  return (
    <footer className="foot" aria-label={w.about}>
      {data?.kind === 'embedded' && <p>{say(ONE_MACHINE_NOTICE)}</p>}
      <p>
        {w.opinion} {data !== undefined && fill(w.where, { channel, blocks, organisation })}
        {network.isError && w.unknown}
        <span className="no-print">
          {' · '}
          <a href="/docs">{w.api}</a>
        </span>
      </p>
    </footer>
  );
}
