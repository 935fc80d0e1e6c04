import { type Json, readObject, textOf } from './rest-answers.js';
import { fields } from './text.js';

/** One line of a citizen's trail for people: when, what, by whom, what for, and what came of it. */
export function trailLine(entry: Json): string {
  const action = textOf(entry.action);
  const wording = ACTIONS[action];
  return [
    `${textOf(entry.txTime)}  ${wording ?? action} · ${textOf(entry.outcome)}`,
    fields([
      ['机构 receiver', unitOf(entry.receiver)],
      ...(entry.answerer === undefined ? [] : [['被询机构 asked', unitOf(entry.answerer)] as const]),
      ['事项 matter', textOf(entry.matterCode)],
      ['目的 purpose', textOf(entry.purpose)],
      ...(entry.basis === undefined
        ? []
        : [['依据 basis', `${textOf(entry.basis)} ${textOf(entry.legalBasis)}`] as const]),
      ...(entry.by === undefined ? [] : [['经办 by', textOf(entry.by)] as const]),
      ['编号 id', textOf(entry.grantId ?? entry.attestationId)],
    ]),
  ].join('\n');
}

/** What happened, in both languages. */
const ACTIONS: Readonly<Record<string, string>> = {
  grant: '授权 granted',
  revoke: '撤回授权 taken back',
  use: '用证 used',
  'attestation.requested': '申请核验 asked',
  'attestation.answered': '答复 answered',
  'attestation.refused': '拒绝 refused',
  'attestation.previewed': '持证人决定 decided by the holder',
  'attestation.accepted': '会签 countersigned',
  'attestation.used': '使用核验 attestation used',
  'attestation.closed': '办结 closed',
  'attestation.withdrawn': '撤回核验 withdrawn',
  'attestation.objected': '异议 objection',
  'attestation.resolved': '异议处理 objection resolved',
  'attestation.purged': '删除内容 payloads deleted',
};

function unitOf(value: unknown): string {
  const { mspId, unit } = readObject(value, 'unit');
  return `${textOf(mspId)}:${textOf(unit)}`;
}
