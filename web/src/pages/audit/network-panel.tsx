import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';

import { type Network, type PeerState } from '../../../../gateway/openapi/types.js';
import { callJson } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { fill, useWords } from '../../words/words.js';
import './audit.css';
import { StaleNotice } from './stale-notice.js';

const WORDS = {
  title: { zh: '网络', en: 'Network' },
  channel: { zh: '通道', en: 'Channel' },
  chaincode: { zh: '合约', en: 'Chaincode' },
  consensus: { zh: '排序方式', en: 'Ordering' },
  blocks: { zh: '本网关已索引区块', en: 'Blocks indexed here' },
  agreed: {
    zh: '{agreeing} / {all} 个节点与本网关索引的链一致',
    en: '{agreeing} of {all} peers agree with the chain indexed here',
  },
  home: { zh: '（本网关所跟随）', en: ' (followed by this gateway)' },
  height: { zh: '高度 {blocks} 个区块', en: '{blocks} blocks high' },
  agrees: { zh: '与索引一致', en: 'agrees' },
  disagrees: { zh: '与索引不一致', en: 'does not agree' },
  unknown: { zh: '尚不能比较', en: 'cannot be compared yet' },
  away: { zh: '没有应答', en: 'does not answer' },
  asked: { zh: '询问于 {time}', en: 'asked {time}' },
  noPeers: { zh: '本网关没有给出节点状况', en: 'This gateway tells nothing of peers' },
} as const;

const REFRESH_MS = 5_000;

/** The organisations and their peers, how high each is and whether it holds the chain that was indexed here. */
export function NetworkPanel() {
  const w = useWords(WORDS);
  const network = useQuery({
    queryKey: ['network', 'peers'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
    refetchInterval: REFRESH_MS,
  });
  const { data } = network;
  const facts: readonly Fact[] =
    data === undefined
      ? []
      : [
          [w.channel, data.channel],
          [w.chaincode, data.chaincode],
          [w.consensus, data.consensus],
          [w.blocks, String(data.blocks)],
        ];
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {network.isPending && <Skeleton active />}
      {network.isError && <ProblemAlert error={network.error} retry={() => void network.refetch()} />}
      <StaleNotice index={data?.index} />
      <Facts facts={facts} />
      {data !== undefined && <Peers network={data} />}
    </section>
  );
}

function Peers({ network: { organisations, peers } }: { readonly network: Network }) {
  const nameOf = useOrganisation();
  const w = useWords(WORDS);
  if (peers.length === 0) return <p className="hint">{w.noPeers}</p>;
  const agreeing = peers.filter(({ agrees }) => agrees === true).length;
  const others = peers.filter(({ mspId }) => mspId === null || !organisations.includes(mspId));
  const groups = [
    ...organisations.map((mspId) => [mspId, peers.filter((peer) => peer.mspId === mspId)] as const),
    ...(others.length === 0 ? [] : [['—', others] as const]),
  ];
  return (
    <>
      <Alert
        className="block"
        role="status"
        type={agreeing === peers.length ? 'success' : 'warning'}
        showIcon
        title={fill(w.agreed, { agreeing, all: peers.length })}
      />
      <ul className="peers">
        {groups.map(([mspId, own]) => (
          <li key={mspId} className={toneOf(own)}>
            <h3>{nameOf(mspId)}</h3>
            {own.map((peer) => (
              <div key={peer.peer}>
                <div>{`${peer.peer}${peer.home ? w.home : ''}`}</div>
                <div className="hint">{peerText(peer, w)}</div>
                {peer.hash !== null && <div className="mono">{peer.hash.slice(0, 16)}…</div>}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function toneOf(peers: readonly PeerState[]): string {
  if (peers.some(({ agrees }) => agrees === false)) return 'bad';
  return peers.every(({ agrees }) => agrees === true) ? '' : 'unknown';
}

function peerText(
  { reachable, blocks, agrees, askedAt }: PeerState,
  w: Readonly<Record<keyof typeof WORDS, string>>,
): string {
  const asked = fill(w.asked, { time: timeOf(askedAt) });
  if (!reachable) return `${w.away} · ${asked}`;
  const agreement = agrees === null ? w.unknown : agrees ? w.agrees : w.disagrees;
  return `${fill(w.height, { blocks: blocks ?? '?' })} · ${agreement} · ${asked}`;
}
