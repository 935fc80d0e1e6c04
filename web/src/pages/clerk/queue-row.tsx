import { Button, Tag } from 'antd';
import { Link } from 'react-router';

import { isProblemCode, Problem } from '../../api/problem.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { shownName } from '../../desk/file-name.js';
import { useSession } from '../../session/session.js';
import { saveFile, sizeOf } from '../../ui/save.js';
import { fill, useWords } from '../../words/words.js';
import { certificateOf, type Download, receiptOf } from './downloads.js';
import { isSettled, type QueuedFile, type Stage } from './queued-file.js';
import { type Desk } from './use-queue.js';

const WORDS = {
  hashing: { zh: '待计算哈希值', en: 'to be hashed' },
  ready: { zh: '待登记', en: 'to be recorded' },
  sent: { zh: '已发送，结果待确认', en: 'sent, outcome to be confirmed' },
  recorded: { zh: '已登记', en: 'recorded' },
  known: { zh: '本单位此前已存证，未再登记', en: 'recorded by this unit before, nothing written' },
  refused: { zh: '被拒绝', en: 'refused' },
  lost: { zh: '请重新选择此文件', en: 'choose this file again' },
  receipt: { zh: '回执', en: 'Receipt' },
  receiptOf: { zh: '下载 {name} 的回执', en: 'Receipt of {name}' },
  certificate: { zh: '证书', en: 'Certificate' },
  certificateOf: { zh: '下载 {name} 的证书', en: 'Certificate of {name}' },
  again: { zh: '仍要再次登记', en: 'Record it again' },
  remove: { zh: '移除', en: 'Remove' },
  removeOf: { zh: '移除 {name}', en: 'Remove {name}' },
  block: { zh: '区块 {block}', en: 'block {block}' },
} as const;

const COLOURS: Readonly<Record<Stage, string>> = {
  hashing: 'default',
  ready: 'default',
  sent: 'processing',
  recorded: 'success',
  known: 'warning',
  refused: 'error',
};

/** One file: how it stands, why it was refused, and what may be done with it. Names are texts, whatever they hold. */
export function QueueRow({ desk, file }: { readonly desk: Desk; readonly file: QueuedFile }) {
  const w = useWords(WORDS);
  const lost = desk.queue.isLost(file);
  const { stage, problem, record } = file;
  return (
    <li>
      <div className="desk-line">
        <bdi className="desk-name">{shownName(file.name)}</bdi>
        <span className="hint">{sizeOf(file.bytes)}</span>
        <Tag color={lost ? 'warning' : COLOURS[stage]}>{lost ? w.lost : w[stage]}</Tag>
      </div>
      {record !== undefined && (
        <div className="desk-line">
          <Link className="mono" to={`/clerk/record/${encodeURIComponent(record.id)}`}>
            {record.id}
          </Link>
          {record.blockNumber !== null && <span className="hint">{fill(w.block, { block: record.blockNumber })}</span>}
        </div>
      )}
      {problem !== undefined && <ProblemAlert error={keptProblem(problem)} />}
      <Actions desk={desk} file={file} lost={lost} />
    </li>
  );
}

/** An older page may have kept a code that this one has no words for. */
function keptProblem({ code, details }: NonNullable<QueuedFile['problem']>): Problem {
  return isProblemCode(code) ? new Problem(code, details) : new Problem('REPLY_MALFORMED');
}

function Actions({ desk, file, lost }: { readonly desk: Desk; readonly file: QueuedFile; readonly lost: boolean }) {
  const w = useWords(WORDS);
  const session = useSession();
  const act = useAct(async (make: () => Promise<Download>) => {
    const { name, bytes } = await make();
    saveFile(name, bytes);
  });
  const name = shownName(file.name);
  const removable = lost || file.stage === 'refused' || file.stage === 'ready';
  return (
    <>
      <div className="desk-line">
        {isSettled(file) && (
          <>
            <Button
              size="small"
              disabled={act.running}
              aria-label={fill(w.receiptOf, { name })}
              onClick={() => void act.run(() => receiptOf(session, file))}
            >
              {w.receipt}
            </Button>
            <Button
              size="small"
              disabled={act.running}
              aria-label={fill(w.certificateOf, { name })}
              onClick={() => void act.run(() => certificateOf(session, file))}
            >
              {w.certificate}
            </Button>
          </>
        )}
        {file.stage === 'known' && (
          <Button size="small" onClick={() => void desk.queue.again(file).then(desk.run)}>
            {w.again}
          </Button>
        )}
        {removable && (
          <Button size="small" aria-label={fill(w.removeOf, { name })} onClick={() => void desk.queue.remove([file])}>
            {w.remove}
          </Button>
        )}
      </div>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}
