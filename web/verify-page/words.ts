import { type Wording } from '../../domain/wording.js';
import { type FindingStatus, type Step } from '../../proof/verify/finding.js';
import { type AnswerName } from '../../proof/verify/report.js';

/** What a status is called on the page; `WAITING` before anything ran. */
export const STATUS_WORDS: Readonly<Record<FindingStatus | 'WAITING', Wording>> = {
  VALID: { zh: '通过', en: 'holds' },
  INVALID: { zh: '不通过', en: 'does not hold' },
  SKIPPED: { zh: '未核验', en: 'not checked' },
  ERROR: { zh: '无法判断', en: 'undecided' },
  WAITING: { zh: '待核验', en: 'waiting' },
};

/** What an answer that was not given is called: each for another reason. */
export const SKIPPED_WORDS: Readonly<Record<AnswerName, Wording>> = {
  intact: { zh: '未比对', en: 'not compared' },
  recorded: { zh: '没有登记', en: 'not recorded' },
  signers: { zh: '未核验', en: 'not checked' },
};

/** What each step is called, shown before it runs. */
export const STEP_WORDS: Readonly<Record<Step, Wording>> = {
  format: { zh: '回执格式', en: 'Format of the receipt' },
  file: { zh: '文件哈希值与登记值', en: "The file's digests" },
  batch: { zh: '批次中的位置', en: 'Place in the batch' },
  payload: { zh: '合约的答复', en: "The contract's answer" },
  channel: { zh: '通道与网络', en: 'Channel and network' },
  signatures: { zh: '机构签名', en: "The organisations' signatures" },
  record: { zh: '账本中的记录', en: 'The record in the ledger' },
  stream: { zh: '流中的序号与缺号', en: 'Sequence number, and numbers missing' },
  ordering: { zh: '区块与排序节点签名', en: 'Block and its orderers' },
  audit: { zh: '交易验证码', en: 'Validation code of the transaction' },
  timestamp: { zh: '可信时间戳', en: 'Trusted time-stamp' },
  seal: { zh: '出证机构印章', en: 'Seal of the issuing organisation' },
  status: { zh: '所问日期的状态', en: 'Standing on the date asked for' },
};
