import {
  INTEREST_WORDING,
  KIND_WORDING,
  STANDING_WORDING,
  STATEMENT_LABELS,
  STATEMENT_WORDING,
} from '../../domain/evidence-words.js';
import { type AttestedRecord } from '../../domain/attestation.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import {
  differenceLines,
  NO_TRUSTED_TIME,
  type RecordTimes,
  TIME_LABELS,
  TIME_SOURCES,
} from '../../domain/record-times.js';
import { STATEMENT_NAMES } from '../../domain/statements.js';
import { isUnitCode } from '../../domain/unit-code.js';
import { ALGORITHM_NAMES, ONE_MACHINE_NOTICE } from '../../domain/wording.js';
import { HASH_ALGORITHMS } from '../../domain/digests.js';

/** What the applicant says of the file: it stands nowhere on the chain, and is printed as the applicant's word. */
export interface StatedFile {
  readonly name?: string;
  readonly bytes?: number;
  readonly mediaType?: string;
}

/** Everything that a certificate prints. */
export interface CertificateFacts {
  /** Number of this issue, from 1; a reissue has the next one and is otherwise the same. */
  readonly issue: number;
  /** RFC 3339. */
  readonly issuedAt: string;
  /** MSP id of the organisation that issues it. */
  readonly issuer: string;
  readonly record: Evidence;
  readonly answer: AttestedRecord;
  readonly stated: StatedFile;
  readonly channel: string;
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly organisations: readonly string[];
  readonly blockNumber: number;
  readonly blockHash: string;
  /** RFC 3339 of a trusted authority, where the receipt carries its time-stamp. */
  readonly trustedTime?: string;
  /** Whether one machine holds all keys. */
  readonly embedded: boolean;
  /** 区块链信息服务备案编号. */
  readonly filing?: string;
  /** Address of the page that verifies, where there is one. */
  readonly verifyPage?: string;
}

/** A line of the certificate. */
export type CertificateRow = readonly [label: string, value: string];

/** 适用范围声明: what the certificate says and what it does not. It never speaks of truth or legal effect. */
export const SCOPE =
  '本证书说明：所列哈希值于所示区块登记，并由所列机构的节点签署证明。可据此认定上链后未经篡改；不证明上链前内容真实、合法，其证据效力由人民法院审查认定。';

/** Pure. All lines of requirement R22, in the order in which they are printed. */
export function certificateRows(facts: CertificateFacts): CertificateRow[] {
  const { record, answer, stated, issue, issuedAt } = facts;
  return [
    ['存证编号', record.id],
    ['证书期次', `第 ${issue} 次出具，${issuedAt}`],
    ['名称', `${KIND_WORDING[record.kind].zh}存证`],
    ['存证主体', maskUnit(record.submitter.unit)],
    ['证件类型', isUnitCode(record.submitter.unit) ? '统一社会信用代码' : '单位名称'],
    ['登记机构', record.submitter.mspId],
    ['文件名', said(stated.name)],
    ['文件大小', said(stated.bytes === undefined ? undefined : `${stated.bytes} 字节`)],
    ['文件类型', said(stated.mediaType)],
    ...HASH_ALGORITHMS.flatMap((name): CertificateRow[] => {
      const digest = record.digests[name];
      return digest === undefined ? [] : [[`哈希值 ${ALGORITHM_NAMES[name]}`, digest]];
    }),
    ...timeRows({
      claimedAt: record.claimedAt,
      txTime: record.txTime,
      ...optional('trustedTime', facts.trustedTime),
    }),
    ['交易编号', record.txId],
    ['区块高度', String(facts.blockNumber)],
    ['区块哈希', facts.blockHash],
    ['通道', facts.channel],
    ['合约版本', `${facts.chaincode.name} ${facts.chaincode.version}`],
    ['背书机构', facts.organisations.join('、')],
    ['前置声明', '以下六项由存证主体申报（人民法院在线诉讼规则第十八条），未申报的为未说明'],
    ...STATEMENT_NAMES.map((name): CertificateRow => [
      STATEMENT_LABELS[name].zh,
      STATEMENT_WORDING[record.statements[name]].zh,
    ]),
    ['利害关系', INTEREST_WORDING[record.interest].zh],
    ['状态与异议', STANDING_WORDING[answer.standing].zh],
    ['备案编号', facts.filing ?? '未备案（测试）'],
    ['验证网址', facts.verifyPage ?? '未设，请以所附回执在任一核验程序中核验'],
    ['出证机构', `${facts.issuer}（电子签章见本文件的数字签名）`],
    ['适用范围', SCOPE],
    ...(facts.embedded ? [['提示', ONE_MACHINE_NOTICE.zh] as const] : []),
  ];
}

/** The three times with whose word each is, and how far they lie apart (requirement R09). */
function timeRows(times: RecordTimes): CertificateRow[] {
  const rows = (['claimedAt', 'txTime', 'trustedTime'] as const).map((name): CertificateRow => {
    const time = times[name];
    return [
      TIME_LABELS[name].zh,
      time === undefined ? NO_TRUSTED_TIME.zh : `${time}（来源：${TIME_SOURCES[name].zh}）`,
    ];
  });
  return [
    ...rows,
    [
      '时间差',
      differenceLines(times)
        .map(({ zh }) => zh)
        .join('；'),
    ],
  ];
}

/** What nobody said reads 未说明. */
function said(value: string | undefined): string {
  return value === undefined ? '未说明' : `${value}（申请人陈述，链上不存）`;
}

/** A unit's code or name with its middle hidden, so that a certificate that is passed on names nobody in full. */
function maskUnit(unit: string): string {
  const letters = Array.from(unit);
  const shown = Math.max(1, Math.floor(letters.length / 4));
  const hidden = '*'.repeat(Math.max(1, letters.length - 2 * shown));
  return `${letters.slice(0, shown).join('')}${hidden}${letters.slice(letters.length - shown).join('')}`;
}
