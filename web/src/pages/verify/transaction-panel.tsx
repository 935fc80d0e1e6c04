import { Alert, Skeleton } from 'antd';

import { actWording, codeWording } from '../../../../domain/audit-wording.js';
import { type TransactionAnswer } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { useSay, useWords } from '../../words/words.js';
import { type Part } from './use-check.js';

const WORDS = {
  title: { zh: '交易', en: 'Transaction' },
  found: { zh: '账本中有这笔交易', en: 'The ledger holds this transaction' },
  rejected: { zh: '这笔交易未生效', en: 'This transaction was rejected' },
  missing: { zh: '未查到这笔交易', en: 'This transaction was not found' },
  code: { zh: '节点的判定', en: 'As the peer judged it' },
  place: { zh: '区块 / 交易序号（从 0 起）', en: 'Block / place in it (from 0)' },
  txTime: { zh: '交易时间（申报，非可信时间）', en: 'Transaction time (as claimed, not trusted)' },
  kind: { zh: '行为', en: 'Act' },
  id: { zh: '存证编号', en: 'Evidence id' },
} as const;

/** What a transaction id came to. The record it leads to is then verified as if its own number had been typed. */
export function TransactionPanel({ transaction }: { readonly transaction: Part<TransactionAnswer> }) {
  const w = useWords(WORDS);
  const { value, running, error, retry } = transaction;
  if (value === undefined && !running && error === null) return null;
  return (
    <section className="panel" aria-labelledby="transaction" aria-busy={running}>
      <h2 id="transaction">{w.title}</h2>
      {error !== null && <ProblemAlert error={error} retry={retry} />}
      {value !== undefined && <Answer answer={value} />}
      {value === undefined && running && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
    </section>
  );
}

function Answer({ answer }: { readonly answer: TransactionAnswer }) {
  const w = useWords(WORDS);
  const say = useSay();
  const outcome = !answer.found ? 'missing' : answer.code === 'VALID' ? 'found' : 'rejected';
  return (
    <>
      <Alert
        className="block verdict"
        data-transaction={outcome}
        type={outcome === 'rejected' ? 'warning' : 'info'}
        showIcon
        title={w[outcome]}
        description={say(answer.wording)}
      />
      <Facts facts={useFacts(answer)} />
    </>
  );
}

function useFacts(answer: TransactionAnswer): readonly Fact[] {
  const w = useWords(WORDS);
  const say = useSay();
  if (!answer.found) return [];
  const { code, blockNumber, txIndex, txTime, kind, evidenceId } = answer;
  return [
    [w.code, say(codeWording(code))],
    [w.place, `${blockNumber} / ${txIndex}`],
    ...(txTime === null ? [] : [[w.txTime, timeOf(txTime)] as const]),
    ...(kind === undefined ? [] : [[w.kind, say(actWording(kind))] as const]),
    ...(evidenceId === undefined ? [] : [[w.id, <Copyable key="id" text={evidenceId} what={w.id} />] as const]),
  ];
}
