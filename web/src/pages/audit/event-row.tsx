import { Tag } from 'antd';
import { Link } from 'react-router';

import { actWording, codeWording } from '../../../../domain/audit-wording.js';
import { isAttestationId } from '../../../../domain/ids.js';
import { type AuditEvent } from '../../../../gateway/openapi/types.js';
import { timeOf } from '../../ui/save.js';
import { fill, useSay, useWords } from '../../words/words.js';
import { detailText } from './detail-text.js';

const WORDS = {
  block: { zh: '区块 {block} · 交易序号 {index}（从 0 起）', en: 'block {block} · place {index} (from 0)' },
  endorsers: { zh: '背书机构：{list}', en: 'endorsed by {list}' },
  noEndorsers: { zh: '无背书', en: 'no endorsement' },
  tx: { zh: '交易', en: 'tx' },
  successor: { zh: '更正为', en: 'corrected by' },
  list: { zh: '、', en: ', ' },
} as const;

/** One act: what, whose, when, where in the ledger, and who endorsed it. Texts only, whatever blocks hold. */
export function EventRow({ event }: { readonly event: AuditEvent }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { kind, code, evidenceId, successor, actor, org, unit, txTime, endorsers, details, txId } = event;
  const place = { block: event.blockNumber, index: event.txIndex };
  const signers = endorsers.length === 0 ? w.noEndorsers : fill(w.endorsers, { list: endorsers.join(w.list) });
  return (
    <li>
      <div className="desk-line">
        <strong>{say(actWording(kind))}</strong>
        <Tag color={code === 'VALID' ? 'success' : 'error'}>{say(codeWording(code))}</Tag>
        <span className="hint">{fill(w.block, place)}</span>
        {txTime !== null && <span className="hint">{timeOf(txTime)}</span>}
      </div>
      <div className="desk-line">
        <span>{[actor, org, unit].filter((part) => part !== null).join(' · ')}</span>
        {evidenceId !== null && <RecordLink id={evidenceId} />}
        {successor !== null && (
          <span>
            {w.successor} <RecordLink id={successor} />
          </span>
        )}
      </div>
      {details !== null && <div className="hint">{detailText(details, say)}</div>}
      <div className="desk-line hint">
        <span>{signers}</span>
        <span>
          {w.tx} <span className="mono">{txId}</span>
        </span>
      </div>
    </li>
  );
}

function RecordLink({ id }: { readonly id: string }) {
  const known = /^EV[0-9a-f]{32}$/.test(id) || isAttestationId(id);
  if (!known) return <span className="mono">{id}</span>;
  return (
    <Link className="mono" to={`/audit/record/${encodeURIComponent(id)}`}>
      {id}
    </Link>
  );
}
