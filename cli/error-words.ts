import { type ErrorCode } from '../domain/errors.js';
import { type Wording } from '../domain/wording.js';
import { type ManagerErrorCode } from '../network/manager/manager-error.js';
import { type CliErrorCode } from './cli-error.js';

const start = {
  zh: '请看 yinzheng status；未运行则用 yinzheng up --detach 启动，再试一次',
  en: 'see yinzheng status; where nothing runs, start it with yinzheng up --detach, then try again',
};

/**
 * What people are told beside a code: what happened, Chinese first. A new code without words does not compile; the long
 * form, with what to do, stands in docs/errors.md.
 */
const WORDS: Readonly<Record<ErrorCode | CliErrorCode | ManagerErrorCode | 'TOPOLOGY_INVALID' | 'BUG', Wording>> = {
  REQUEST_MALFORMED: { zh: '请求的形式不对', en: 'the request does not have the right form' },
  REQUEST_TOO_LARGE: { zh: '请求过大', en: 'the request is too large' },
  REQUEST_REUSED: { zh: '同一请求编号已用于其他内容', en: 'this request id was used for other content' },
  DIGEST_MALFORMED: { zh: '哈希值的形式不对', en: 'a digest does not have the right form' },
  ALGORITHM_REFUSED: { zh: '不接受这一哈希算法', en: 'this digest algorithm is not accepted' },
  ID_MALFORMED: { zh: '编号的形式不对', en: 'an id does not have the right form' },
  ROUTE_UNKNOWN: { zh: '网关没有这一路径', en: 'the gateway has no such path' },
  METHOD_NOT_ALLOWED: { zh: '该路径不接受这一方法', en: 'the path does not take this method' },
  RATE_EXCEEDED: { zh: '请求过于频繁', en: 'too many requests' },
  UNAUTHENTICATED: { zh: '未能识别身份', en: 'the caller is not known' },
  IDENTITY_REFUSED: { zh: '账本不承认这一证书', en: "the ledger does not accept the caller's certificate" },
  ACTOR_MALFORMED: { zh: '证书缺少必要属性', en: 'the certificate lacks an attribute' },
  ROLE_NOT_ALLOWED: { zh: '该角色无权进行此操作', en: 'this role may not do this' },
  NOT_OWNER: { zh: '该记录属于其他单位', en: 'the record belongs to another unit' },
  TIME_SKEW: { zh: '本机时钟与节点相差过大', en: "this machine's clock is too far from the peers'" },
  EVIDENCE_NOT_FOUND: { zh: '账本没有这一存证编号', en: 'the ledger has no record with this id' },
  EVIDENCE_SUPERSEDED: { zh: '该存证已有更正记录', en: 'the record was corrected before' },
  STREAM_SEQUENCE: { zh: '该序列已到此编号，不得回填', en: 'the stream has come to this number already' },
  OBJECTION_NOT_FOUND: { zh: '没有这一异议', en: 'there is no such objection' },
  OBJECTION_OWN_RECORD: { zh: '不得对本单位的记录提出或裁定异议', en: 'not on a record of the own unit' },
  OBJECTION_DECIDED: { zh: '该异议已裁定', en: 'the objection was decided' },
  CUSTODY_NOT_HOLDER: { zh: '本单位不是现保管人', en: 'the own unit does not hold the record' },
  CUSTODY_PENDING: { zh: '尚有移交待答复', en: 'an earlier hand-over still waits for its answer' },
  CUSTODY_NOT_PENDING: { zh: '没有待答复的这一移交', en: 'no such hand-over waits for an answer' },
  CUSTODY_NOT_RECEIVER: { zh: '本单位不是该移交的接收人', en: 'the hand-over is offered to another unit' },
  ENTRY_LIMIT: { zh: '该记录的条目已满', en: 'the record takes no more entries' },
  LICENSE_TYPE_NOT_FOUND: { zh: '目录中没有这一证照类型', en: 'the catalogue has no such type of licence' },
  LICENSE_NOT_FOUND: { zh: '账本没有这一证照标识', en: 'the ledger has no licence with this identifier' },
  LICENSE_EXISTS: { zh: '该流水号已颁发证照', en: 'a licence with this serial was issued before' },
  LICENSE_AUTHORITY: {
    zh: '只有颁发机关或其上级可以办理',
    en: 'only the issuing authority or its superior may do this',
  },
  LICENSE_STATE: { zh: '证照的现状态不允许此操作', en: 'the present status of the licence does not allow it' },
  LICENSE_SUPERSEDED: { zh: '证照已变更，请用现行版本', en: 'the licence has a newer version' },
  LICENSE_FIELDS: { zh: '照面字段与类型或摘要不符', en: 'fields do not fit the type, or values their digests' },
  LICENSE_PURGED: { zh: '隐私内容已删除', en: 'the private values were deleted' },
  LICENSE_DATES: { zh: '日期不成立', en: 'these days cannot be' },
  LICENSE_TRANSFER: {
    zh: '该证照未转出至本机关，或已转入',
    en: 'the licence was not let go to this authority, or is taken',
  },
  LICENSE_SCOPE: { zh: '证照在本地区不适用', en: 'the licence is not good in this region' },
  RENEWAL_LATE: { zh: '延续须在届满三十日前申请', en: 'a renewal must be asked for 30 days before the end' },
  RENEWAL_UNKNOWN: { zh: '没有延续申请', en: 'nobody asked for a renewal' },
  RENEWAL_CLOSED: { zh: '延续申请已有结果', en: 'the renewal was decided' },
  HOLDER_SIGNATURE: { zh: '不是持证人登记密钥的签名', en: 'not signed by the enrolled key of the holder' },
  GUARDIAN_REQUIRED: { zh: '须由监护人签名', en: 'the guardian must sign' },
  GRANT_NOT_FOUND: { zh: '没有这一授权', en: 'there is no such grant' },
  GRANT_REVOKED: { zh: '持证人已撤回授权', en: 'the holder took the grant back' },
  GRANT_PERIOD: { zh: '不在授权期内', en: 'outside the time of the grant' },
  GRANT_MISMATCH: { zh: '授权给其他单位或其他事项', en: 'the grant is for another unit or matter' },
  GRANT_EXHAUSTED: { zh: '授权次数已用完', en: 'all uses of the grant were consumed' },
  CODE_REQUIRED: { zh: '须由持证人当面出示亮证码', en: 'the holder must show a fresh code' },
  CODE_EXPIRED: { zh: '亮证码已过期', en: 'the code has expired' },
  CODE_USED: { zh: '亮证码已使用', en: 'the code was used before' },
  ATTESTATION_NOT_FOUND: { zh: '账本没有这一核验编号', en: 'the ledger has no attestation with this id' },
  ATTESTATION_ITEM_UNKNOWN: { zh: '对方目录中没有这一事项', en: "the other organisation's catalogue has no such item" },
  ATTESTATION_NOT_PARTY: { zh: '本单位不是应为此操作的一方', en: 'the own unit is not the side whose act this is' },
  ATTESTATION_STATE: { zh: '核验的现状不允许此操作', en: 'the state of the attestation does not allow this' },
  ATTESTATION_PAYLOAD: {
    zh: '保密内容缺失，或与所报哈希值不符',
    en: 'the private payload is missing or is not what its digest says',
  },
  ATTESTATION_PREVIEW: { zh: '须先经持证人预览同意，或此处无需预览', en: 'the holder must release it first, once' },
  ATTESTATION_SIGNATURE: { zh: '持证人签名不符', en: "the holder's signature does not fit" },
  ATTESTATION_DIGEST: { zh: '所签不是现有答复', en: 'what is signed is not the answer as it stands' },
  ATTESTATION_EXPIRED: { zh: '答复已过有效期', en: "the answer's time is over" },
  ATTESTATION_MATTER: { zh: '不得用于申请之外的事项', en: 'not for another matter than was asked for' },
  ATTESTATION_USED: { zh: '该核验已使用过', en: 'the attestation was used before' },
  ATTESTATION_DISPUTED: { zh: '尚有异议待处理', en: 'an objection still waits for its answer' },
  ATTESTATION_LICENCE: { zh: '与本链上的证照状态不符', en: 'the licence on this chain says otherwise' },
  CONSORTIUM_UNSET: { zh: '联盟尚未配置', en: 'the consortium is not configured yet' },
  CONSORTIUM_NOT_MEMBER: { zh: '该机构不是联盟成员', en: 'the organisation is no member' },
  LEDGER_CONFLICT: { zh: '与其他交易冲突，未写入', en: 'lost to other transactions; nothing was written' },
  LEDGER_REFUSED: { zh: '节点拒绝，未写入', en: 'the peers refused; nothing was written' },
  LEDGER_BUSY: { zh: '账本繁忙，请稍后再试', en: 'the ledger is busy; try again later' },
  OUTCOME_UNKNOWN: {
    zh: '交易已发出而结果未知，可能已写入；请用同一 --request 再试，不会重复登记',
    en: 'sent, outcome unknown, perhaps written; repeat with the same --request: that never records twice',
  },
  UNVERIFIABLE_NOW: {
    zh: `账本未能应答，未写入；这不表示未存证。${start.zh}`,
    en: `the ledger did not answer, nothing was written; this does not mean "not found". ${start.en}`,
  },
  USAGE: { zh: '命令用法不对', en: 'the command line was not understood' },
  USER_UNKNOWN: { zh: '没有这一用户', en: 'there is no such user' },
  FILE_UNREADABLE: { zh: '文件无法读取', en: 'the file cannot be read' },
  NETWORK_DOWN: { zh: `网络未运行。${start.zh}`, en: `the network does not run. ${start.en}` },
  REPLY_MALFORMED: { zh: '网关的应答无法理解', en: "the gateway's answer was not understood" },
  PROCESS_FAILED: { zh: '进程启动失败，请看日志', en: 'a process failed to start; see its log' },
  PORT_TAKEN: { zh: '拓扑指定的端口已被占用', en: 'a port that the topology fixes is taken' },
  NETWORK_NOT_RUNNING: { zh: '网络未运行', en: 'the network does not run' },
  NETWORK_RUNNING: { zh: '网络正在运行，请先停止', en: 'the network runs; stop it first' },
  COMMAND_REFUSED: { zh: '网络拒绝了该命令，一切照旧', en: 'the network refused the command; nothing changed' },
  DEPLOY_REFUSED: { zh: '通道无法变成所给的样子', en: 'the channel cannot become this' },
  FOLDER_NOT_EMPTY: { zh: '目标文件夹不是空的', en: 'the target folder is not empty' },
  FOLDER_EMPTY: { zh: '该文件夹里没有网络', en: 'the folder holds no network' },
  ENGINE_IN_FORCE: { zh: '该数据文件夹属于另一种网络引擎', en: 'the data folder belongs to another engine' },
  FABRIC_BINARIES_MISSING: { zh: '找不到 Fabric 的程序', en: "Fabric's own programs were not found" },
  SNAPSHOT_BROKEN: { zh: '备份不完整或已改动，未恢复任何内容', en: 'the snapshot is damaged; nothing was restored' },
  PROCESS_TIMEOUT: { zh: '进程未按时就绪，请看日志', en: 'a process was not ready in time; see its log' },
  PORTS_EXHAUSTED: { zh: '没有可用端口', en: 'no port is free' },
  FOLDER_BUSY: { zh: '另一命令正在使用该数据目录', en: 'another command works in this data folder' },
  TOPOLOGY_IN_FORCE: { zh: '该数据目录已有拓扑，不能更换', en: 'the data folder has its topology already' },
  TOPOLOGY_INVALID: { zh: '拓扑文件不对', en: 'the topology file is not valid' },
  BUG: { zh: '程序错误，请报告', en: 'a bug of ours: please report it' },
};

/** Names of details that people meet, as they are shown; others stand as they are. */
const LABELS: Readonly<Record<string, string>> = {
  wanted: '应为 wanted',
  where: '位置 where',
  reason: '原因 reason',
  file: '文件 file',
  option: '选项 option',
  data: '数据 data',
  log: '日志 log',
  gateway: '网关 gateway',
};

/** The sentence that stands beside a code; empty for one that is not of this program's lists. */
export function errorWording(code: string): Wording | undefined {
  return (WORDS as Readonly<Record<string, Wording | undefined>>)[code];
}

/** How a detail of an error is labelled for people. */
export function detailLabel(name: string): string {
  return LABELS[name] ?? name;
}
