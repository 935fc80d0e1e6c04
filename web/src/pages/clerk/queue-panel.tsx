import { Alert, Button, Pagination, Progress } from 'antd';
import { useState } from 'react';

import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { useSession } from '../../session/session.js';
import { saveFile } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';
import { certificateOf, type Download, listOf, receiptOf, zipOf } from './downloads.js';
import { isSettled, type QueuedFile } from './queued-file.js';
import { QueueRow } from './queue-row.js';
import { type Desk, useQueueState } from './use-queue.js';

const WORDS = {
  title: { zh: '本机的登记单', en: 'Files of this desk' },
  progress: { zh: '登记进度', en: 'Progress' },
  count: { zh: '{done} / {all} 份已登记', en: '{done} of {all} recorded' },
  running: { zh: '正在登记，可以离开本页查看其他页面', en: 'Recording; you may look at other pages meanwhile' },
  left: {
    zh: '还有 {count} 份没有登记完。编号和哈希值都保存在本机，继续时不会重复登记。',
    en: 'Not recorded yet: {count}. What is needed is kept here; going on records nothing twice.',
  },
  lost: {
    zh: '{count} 份文件在读取时页面被关闭，请重新选择这些文件。',
    en: 'Being read when the page was closed: {count}. Choose these files again.',
  },
  go: { zh: '继续未完成的登记', en: 'Go on with what is left' },
  receipts: { zh: '全部回执（ZIP）', en: 'All receipts (ZIP)' },
  certificates: { zh: '全部证书（ZIP）', en: 'All certificates (ZIP)' },
  list: { zh: '登记清单（CSV）', en: 'List (CSV)' },
  clear: { zh: '清除已登记的行', en: 'Clear what is recorded' },
  making: { zh: '正在准备 {done} / {all}', en: 'Preparing {done} of {all}' },
} as const;

const PAGE_ROWS = 20;

/** Progress of the batch, what failed and how to go on, and everything to download. */
export function QueuePanel({ desk }: { readonly desk: Desk }) {
  const w = useWords(WORDS);
  const state = useQueueState(desk);
  const [page, setPage] = useState(1);
  const { files, running, hashed } = state;
  if (files.length === 0) return null;
  const done = files.filter(isSettled).length;
  const lost = files.filter((file) => desk.queue.isLost(file)).length;
  const left = files.length - done - lost;
  const percent = Math.floor(((done + (running ? hashed / 2 : 0)) / files.length) * 100);
  const last = Math.ceil(files.length / PAGE_ROWS);
  const first = (Math.min(page, last) - 1) * PAGE_ROWS;
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <p aria-live="polite">{fill(w.count, { done, all: files.length })}</p>
      <Progress aria-label={w.progress} percent={percent} status={running ? 'active' : 'normal'} />
      {running && <p className="hint">{w.running}</p>}
      <Remaining desk={desk} left={left} lost={lost} />
      {done > 0 && <Downloads desk={desk} files={files} />}
      <ul className="desk-list">
        {files.slice(first, first + PAGE_ROWS).map((file) => (
          <QueueRow key={file.requestId} desk={desk} file={file} />
        ))}
      </ul>
      {files.length > PAGE_ROWS && (
        <Pagination
          current={Math.min(page, last)}
          pageSize={PAGE_ROWS}
          total={files.length}
          showSizeChanger={false}
          onChange={setPage}
        />
      )}
    </section>
  );
}

interface RemainingProperties {
  readonly desk: Desk;
  readonly left: number;
  readonly lost: number;
}

/** What is not done yet, why, and how to go on. */
function Remaining({ desk, left, lost }: RemainingProperties) {
  const w = useWords(WORDS);
  const { running, halted } = useQueueState(desk);
  return (
    <>
      {halted !== undefined && !running && <ProblemAlert error={halted} />}
      {left > 0 && !running && (
        <Alert
          className="block"
          type="warning"
          showIcon
          title={fill(w.left, { count: left })}
          action={
            <Button type="primary" onClick={() => void desk.run()}>
              {w.go}
            </Button>
          }
        />
      )}
      {lost > 0 && <Alert className="block" type="warning" showIcon title={fill(w.lost, { count: lost })} />}
    </>
  );
}

function Downloads({ desk, files }: { readonly desk: Desk; readonly files: readonly QueuedFile[] }) {
  const w = useWords(WORDS);
  const session = useSession();
  const [made, setMade] = useState<number>();
  const settled = files.filter(isSettled);
  const act = useAct(async ({ name, make }: { name: string; make: (file: QueuedFile) => Promise<Download> }) => {
    try {
      const all: Download[] = [];
      for (const [index, file] of settled.entries()) {
        setMade(index);
        all.push(await make(file));
      }
      saveFile(name, zipOf(all), 'application/zip');
    } finally {
      setMade(undefined);
    }
  });
  const save = (name: string, make: (file: QueuedFile) => Promise<Download>) => () => void act.run({ name, make });
  return (
    <>
      <div className="desk-bar">
        <Button disabled={act.running} onClick={save('receipts.zip', (file) => receiptOf(session, file))}>
          {w.receipts}
        </Button>
        <Button disabled={act.running} onClick={save('certificates.zip', (file) => certificateOf(session, file))}>
          {w.certificates}
        </Button>
        <Button
          onClick={() => {
            saveFile('evidence.csv', listOf(settled), 'text/csv');
          }}
        >
          {w.list}
        </Button>
        <Button type="text" onClick={() => void desk.queue.remove(settled)}>
          {w.clear}
        </Button>
      </div>
      {made !== undefined && <p aria-live="polite">{fill(w.making, { done: made, all: settled.length })}</p>}
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}
