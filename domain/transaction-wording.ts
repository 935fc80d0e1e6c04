import { actWording, codeWording } from './audit-wording.js';
import { type Wording } from './wording.js';

/** Acts that `GET /v1/verify` shows to anybody, with their transactions; all others are for the parties and auditors. */
const PUBLIC_ACTS = [
  'evidence.registered',
  'evidence.batch-registered',
  'evidence.superseded',
  'evidence.objected',
  'evidence.decided',
] as const;
type PublicAct = (typeof PUBLIC_ACTS)[number];

/** Whether anybody may know what kind of act a transaction was, and of which record. */
export function isPublicAct(kind: string | null): kind is PublicAct {
  return PUBLIC_ACTS.some((each) => each === kind);
}

/** What a transaction came to: its place in the ledger, and the record where anybody may know it. */
export interface TransactionFacts {
  readonly blockNumber: number;
  /** Place in the block, from 0. */
  readonly txIndex: number;
  /** Name of the peers' validation code. */
  readonly code: string;
  readonly kind?: string;
  /** The record that it made, or that it is about. */
  readonly evidenceId?: string;
}

/**
 * What is said of a transaction that stands in a block. A block's verdicts are written by each peer and signed by
 * nobody, so the sentence names who says so; what organisations sign is the record itself.
 */
export function transactionWording({ blockNumber, txIndex, code, kind, evidenceId }: TransactionFacts): Wording {
  const place = {
    zh: `区块${blockNumber}，交易序号${txIndex}，从0起`,
    en: `block ${blockNumber}, place ${txIndex} from 0`,
  };
  if (code !== 'VALID') {
    const why = codeWording(code);
    return {
      zh: `本网关所连节点的账本中有这笔交易（${place.zh}），但${why.zh}，没有改变任何登记。`,
      en: `The ledger of this gateway's peer holds this transaction (${place.en}), but ${why.en}: it changed nothing.`,
    };
  }
  const told =
    kind === undefined || evidenceId === undefined
      ? { zh: '它的内容不对公众公开', en: 'what it did is not shown to the public' }
      : { zh: `${actWording(kind).zh}，存证编号${evidenceId}`, en: `${actWording(kind).en}, number ${evidenceId}` };
  return {
    zh: `本网关所连节点的账本中有这笔交易（${place.zh}），判定有效：${told.zh}。文件是否一致，须用文件本身核验。`,
    en: `The ledger of this gateway's peer holds this transaction (${place.en}), judged valid: ${told.en}. Whether a file is the one recorded is checked with the file itself.`,
  };
}

/** Said where all blocks were read and none has the transaction. */
export const UNKNOWN_TRANSACTION_WORDING: Wording = {
  zh: '本网关已读到账本的最新区块：其中没有这一交易编号。未查到不等于虚假；请核对编号，或改用存证编号、文件查询。',
  en: 'This gateway has read the ledger to its newest block: no transaction has this number. Not found does not mean false: check the number, or ask by the evidence id or the file.',
};
