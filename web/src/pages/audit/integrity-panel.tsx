import { Alert, Button, Progress, Tag } from 'antd';
import { useEffect, useRef, useState } from 'react';

import { type IntegrityProgress, type IntegrityReport } from '../../../../gateway/openapi/types.js';
import { isProblemCode, Problem } from '../../api/problem.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { useSession } from '../../session/session.js';
import { fill, useWords } from '../../words/words.js';
import { readEvents, type StreamMessage } from './event-stream.js';

const WORDS = {
  title: { zh: '完整性检查', en: 'Integrity' },
  about: {
    zh: '从第 0 个区块起重读整条链：检查哈希链接、内容和缺号，索引与链是否一致，各节点之间是否一致。',
    en: 'Reads the whole chain again from block 0: hash links, contents, gaps, the index against the chain, peers against each other.',
  },
  start: { zh: '开始检查', en: 'Check' },
  stop: { zh: '停止', en: 'Stop' },
  progress: { zh: '检查进度', en: 'Progress' },
  reading: {
    zh: '节点 {peer}（{number} / {peers}）：区块 {read} / {blocks}',
    en: 'peer {peer} ({number} of {peers}): block {read} of {blocks}',
  },
  SOUND: {
    zh: '完整：{agreeing} 个节点的 {blocks} 个区块一致，索引与链一致。',
    en: 'Sound: {agreeing} peers hold the same {blocks} blocks, and the index agrees with the chain.',
  },
  BROKEN: { zh: '发现问题，详见下列节点。', en: 'Something is wrong: see the peers below.' },
  away: { zh: '没有应答', en: 'does not answer' },
  fault: { zh: '区块 {block} 处有问题：{what}', en: 'a fault at block {block}: {what}' },
  same: { zh: '{blocks} 个区块', en: '{blocks} blocks' },
} as const;

/** What may be wrong at a block. */
const FAULTS = {
  GAP: { zh: '缺少区块', en: 'a block is missing' },
  LINK: { zh: '与前一区块的哈希链接不符', en: 'its link to the block before does not fit' },
  CONTENT: { zh: '内容与区块头的哈希值不符', en: 'its content does not fit the digest in its header' },
  FORK: { zh: '与此前见过的区块不同', en: 'another block was seen there before' },
  SHORT: { zh: '节点的区块比此前见过的少', en: 'the peer has fewer blocks than were seen' },
  INDEX: { zh: '索引与链不一致', en: 'the index does not agree with the chain' },
} as const;

/** The whole chain read again while one watches. */
export function IntegrityPanel() {
  const w = useWords(WORDS);
  const { stream } = useSession();
  const [step, setStep] = useState<IntegrityProgress>();
  const [report, setReport] = useState<IntegrityReport>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const act = useAct(async () => {
    setReport(undefined);
    setStep(undefined);
    const control = new AbortController();
    stop.current = control;
    const take = ({ event, data }: StreamMessage): void => {
      if (event === 'progress') setStep(data as IntegrityProgress);
      if (event === 'report') setReport(data as IntegrityReport);
      if (event === 'problem') throw problemOf(data);
    };
    try {
      const body = await stream({
        path: pathOf('audit', 'integrity'),
        accept: 'text/event-stream',
        signal: control.signal,
      });
      await readEvents(body, take);
    } catch (error) {
      if (control.signal.aborted) return;
      throw error instanceof Problem ? error : new Problem('GATEWAY_DOWN', {}, { cause: error });
    }
  });
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <p>{w.about}</p>
      <div className="desk-bar">
        <Button type="primary" loading={act.running} onClick={() => void act.run()}>
          {w.start}
        </Button>
        {act.running && (
          <Button
            onClick={() => {
              stop.current?.abort();
            }}
          >
            {w.stop}
          </Button>
        )}
      </div>
      {(act.running || report !== undefined) && (
        <Progress
          aria-label={w.progress}
          percent={report === undefined ? percentOf(step) : 100}
          status={statusOf(report)}
        />
      )}
      {act.running && step !== undefined && <p aria-live="polite">{fill(w.reading, { ...step })}</p>}
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      {report !== undefined && <Finding report={report} />}
    </section>
  );
}

function Finding({ report }: { readonly report: IntegrityReport }) {
  const w = useWords(WORDS);
  const faults = useWords(FAULTS);
  const { verdict, agreeing, blocks, peers } = report;
  const title = fill(w[verdict], { agreeing, blocks });
  return (
    <>
      <Alert className="block" role="status" type={verdict === 'SOUND' ? 'success' : 'error'} showIcon title={title} />
      <ul className="desk-list">
        {peers.map(({ peer, reachable, fault, blocks: read }) => (
          <li key={peer} className="desk-line">
            <strong>{peer}</strong>
            {!reachable && <Tag color="warning">{w.away}</Tag>}
            {fault !== undefined && (
              <Tag color="error">{fill(w.fault, { block: fault.blockNumber, what: faults[fault.what] })}</Tag>
            )}
            {read !== undefined && <Tag color="success">{fill(w.same, { blocks: read })}</Tag>}
          </li>
        ))}
      </ul>
    </>
  );
}

function percentOf(step: IntegrityProgress | undefined): number {
  if (step === undefined) return 0;
  return Math.floor(((step.number - 1 + step.read / step.blocks) / step.peers) * 100);
}

function statusOf(report: IntegrityReport | undefined): 'active' | 'success' | 'exception' {
  if (report === undefined) return 'active';
  return report.verdict === 'SOUND' ? 'success' : 'exception';
}

function problemOf(data: unknown): Problem {
  const { code } = data as { readonly code?: unknown };
  return new Problem(isProblemCode(code) ? code : 'REPLY_MALFORMED');
}
