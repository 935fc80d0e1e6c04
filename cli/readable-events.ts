import { type AuditEvent, type Holder, type IndexState } from '../gateway/openapi/types.js';
import { type Json, textOf, type Unread } from './rest-answers.js';
import { fields, wrap } from './text.js';

/** Labels of what only acts of some kinds say (`details` of an event, docs/formats/rest.md). */
const DETAIL_LABELS: Readonly<Record<string, string>> = {
  evidenceKind: '种类 kind',
  ground: '理由 ground',
  decision: '裁定 decided',
  from: '移出 from',
  to: '移入 to',
  purpose: '目的 purpose',
  answer: '答复 answer',
  changed: '有变动 changed',
  operation: '操作 operation',
  status: '状态 status',
  typeCode: '类型 type',
};

/**
 * Events for people, oldest first: who, where on the chain, which record and entry, and what was said.
 * @param index state of the index that they come from; where it is not live, that is said first.
 */
export function readableEvents(events: readonly Unread<AuditEvent>[], index: unknown): string {
  const lines = events.length === 0 ? ['没有事件 no events'] : events.map(readableEvent);
  return [...staleness(index), ...lines].join('\n');
}

function staleness(index: unknown): string[] {
  const { live, blocks, heardAt } = (index ?? {}) as Unread<IndexState>;
  if (live !== false) return [];
  const until = textOf(blocks);
  const heard = textOf(heardAt) || '未曾 never';
  return [
    wrap(`注意：索引只到区块 ${until} 之前，可能不是最新；最近一次联系节点：${heard}。`),
    wrap(`Mind: the index holds ${until} blocks and may be behind; the peer was last heard of: ${heard}.`),
  ];
}

function readableEvent(event: Unread<AuditEvent>): string {
  const optional = [
    ['存证 record', textOf(event.evidenceId)],
    ['条目 entry', textOf(event.entryId)],
    ['更正为 by', textOf(event.successor)],
    ...detailRows(event.details),
  ] as const;
  return [
    `${textOf(event.txTime)} ${textOf(event.kind) || '其他 other'}`,
    fields([
      ['行为人 actor', `${actorOf(event.actor)} (${textOf(event.org)})`],
      ['区块 block', `${textOf(event.blockNumber)} · ${textOf(event.code)}`],
      ['交易 tx', textOf(event.txId)],
      ...optional.filter(([, value]) => value !== ''),
    ]),
  ].join('\n');
}

function detailRows(details: unknown): (readonly [string, string])[] {
  if (typeof details !== 'object' || details === null) return [];
  return Object.entries(details).map(([name, value]) => [DETAIL_LABELS[name] ?? name, detailText(value)] as const);
}

/** A word, yes or no, or a unit of an organisation. */
function detailText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是 yes' : '否 no';
  if (typeof value !== 'object' || value === null) return textOf(value);
  const { mspId, unit } = value as Unread<Holder>;
  return `${textOf(mspId)}:${textOf(unit)}`;
}

/** An actor is a name, or an object with one. */
function actorOf(actor: unknown): string {
  return typeof actor === 'object' && actor !== null ? textOf((actor as Json).name) : textOf(actor);
}
