import { type AttestedAnswer } from '../../domain/attestation.js';
import { optional } from '../../domain/fields.js';
import { type RecordTimes } from '../../domain/record-times.js';
import { type Wording } from '../../domain/wording.js';
import { type StreamFacts } from './stream.js';
import { type Finding, type FindingStatus, type Step } from './finding.js';

/** The whole: INVALID if any finding is, else UNDECIDED if one could not be decided, else VALID. */
export type ReceiptVerdict = 'VALID' | 'INVALID' | 'UNDECIDED';

/** The three answers that people ask for, which never stand for each other. */
export const ANSWERS = ['intact', 'recorded', 'signers'] as const;
export type AnswerName = (typeof ANSWERS)[number];

/** One of the three. */
export interface ReportAnswer extends Wording {
  readonly name: AnswerName;
  readonly status: FindingStatus;
  /** The question, for a heading. */
  readonly title: Wording;
}

/** What a receipt shows beside its findings; only what signatures cover. */
export interface ReportFacts {
  readonly channel: string;
  /** Fabric's consensus type: `yinzheng-embedded` means that one machine holds all keys. */
  readonly consensus: string;
  /** RFC 3339: the attestation's own time, as its client claims it and the peers' clocks tolerated it. */
  readonly attestedAt: string;
  readonly organisations: readonly string[];
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly answer: AttestedAnswer;
  /** RFC 3339, 申报时间: as who recorded it claims, in the enclosed record; absent without one. */
  readonly claimedAt?: string;
  /** Block and transaction of the record's last writing, decimal. */
  readonly version?: { readonly block: string; readonly tx: string };
  readonly stream?: StreamFacts;
  /** Lower bound of the ledger's height at the attestation, decimal. */
  readonly heartbeatBlock?: string;
  /** RFC 3339, 可信时间. */
  readonly trustedTime?: string;
}

/** The times of a recorded subject side by side (requirement R09); `undefined` for an absence. */
export function recordTimesOf({ answer, claimedAt, trustedTime }: ReportFacts): RecordTimes | undefined {
  if (!answer.found) return undefined;
  return { txTime: answer.recordedAt, ...optional('claimedAt', claimedAt), ...optional('trustedTime', trustedTime) };
}

/** What a verification came to. `facts` are there only when the signatures hold. */
export interface Report {
  readonly verdict: ReceiptVerdict;
  readonly answers: readonly ReportAnswer[];
  readonly findings: readonly Finding[];
  readonly facts?: ReportFacts;
}

const STEPS_OF: Readonly<Record<AnswerName, readonly Step[]>> = {
  intact: ['format', 'file', 'batch', 'payload', 'record', 'stream'],
  recorded: ['record', 'ordering', 'audit', 'status'],
  signers: ['channel', 'signatures', 'timestamp', 'seal'],
};

const TITLES: Readonly<Record<AnswerName, Wording>> = {
  intact: { zh: '未被篡改', en: 'Not altered' },
  recorded: { zh: '已登记且有效', en: 'Recorded and in force' },
  signers: { zh: '签署机构属实', en: 'Signed by whom it says' },
};

const SENTENCES: Readonly<Record<AnswerName, Readonly<Record<FindingStatus, Wording>>>> = {
  intact: {
    VALID: {
      zh: '内容与机构签署的登记一致。不证明上链前内容真实、合法。',
      en: 'The content is the one that organisations signed as recorded. It does not prove that it was true or lawful before.',
    },
    INVALID: {
      zh: '内容与机构签署的登记不一致，原因见下。',
      en: 'The content is not the one that was signed; the reason is below.',
    },
    SKIPPED: { zh: '未比对文件。', en: 'No file was compared.' },
    ERROR: { zh: '无法判断，原因见下。', en: 'It cannot be decided; the reason is below.' },
  },
  recorded: {
    VALID: {
      zh: '在所示时间，账本上有此记录且状态正常。',
      en: 'At the time shown the ledger held the record, in good standing.',
    },
    INVALID: {
      zh: '记录的状态或登记不支持依赖，原因见下。',
      en: 'Standing or recording does not support relying on it; the reason is below.',
    },
    SKIPPED: { zh: '在所示时间，账本上没有此记录。', en: 'At the time shown the ledger had no such record.' },
    ERROR: { zh: '无法判断，原因见下。', en: 'It cannot be decided; the reason is below.' },
  },
  signers: {
    VALID: { zh: '签署者是信任根所列机构的节点。', en: "The signers are peers of the trust root's organisations." },
    INVALID: {
      zh: '签名不成立，回执的其他内容不可采信，原因见下。',
      en: 'The signatures do not hold, so nothing else in the receipt counts; the reason is below.',
    },
    SKIPPED: { zh: '未核验签名。', en: 'Signatures were not checked.' },
    ERROR: { zh: '无法判断，原因见下。', en: 'It cannot be decided; the reason is below.' },
  },
};

/** Said of a file whose absence organisations signed. */
const ABSENT_FILE: Wording = {
  zh: '机构所答正是此文件：账本上没有它的登记，无从比对。',
  en: 'The answer is about exactly this file: the ledger has no record of it to compare with.',
};

/** Puts findings together. */
export function makeReport(findings: readonly Finding[], facts: ReportFacts | undefined): Report {
  const worst = worstOf(findings);
  const verdict = worst === 'INVALID' ? 'INVALID' : worst === 'ERROR' ? 'UNDECIDED' : 'VALID';
  return { verdict, answers: makeAnswers(findings, facts), findings, ...(facts && { facts }) };
}

function makeAnswers(findings: readonly Finding[], facts: ReportFacts | undefined): ReportAnswer[] {
  const of = (name: AnswerName) => findings.filter(({ step }) => STEPS_OF[name].includes(step));
  const signed = worstOf(of('signers'));
  const status = (name: AnswerName): FindingStatus => {
    if (name === 'signers') return signed;
    if (signed !== 'VALID') return 'ERROR'; // Nothing is said of what nobody signed.
    const own = of(name);
    const worst = worstOf(own);
    if (worst === 'VALID' && facts?.answer.found === false) return 'SKIPPED'; // What is not there is not intact either.
    const key: Step = name === 'intact' ? 'file' : 'status';
    return worst === 'VALID' && own.find(({ step }) => step === key)?.status === 'SKIPPED' ? 'SKIPPED' : worst;
  };
  const compared = findings.some((each) => each.step === 'file' && each.status === 'VALID');
  return ANSWERS.map((name) => {
    const sentence = SENTENCES[name][status(name)];
    const absent = name === 'intact' && status(name) === 'SKIPPED' && compared;
    return { name, status: status(name), title: TITLES[name], ...(absent ? ABSENT_FILE : sentence) };
  });
}

/** INVALID before ERROR before VALID; SKIPPED counts for nothing unless a ground was missing. */
function worstOf(findings: readonly Finding[]): FindingStatus {
  if (findings.some(({ status }) => status === 'INVALID')) return 'INVALID';
  const undecided = findings.some(({ status, code }) => status === 'ERROR' || code === 'GROUND_MISSING');
  return undecided ? 'ERROR' : 'VALID';
}
