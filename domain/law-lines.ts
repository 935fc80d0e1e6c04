import { type Standing } from './attestation.js';
import { type Evidence } from './evidence.js';
import { STATEMENT_NAMES, type StatementName } from './statements.js';
import { type Wording } from './wording.js';

/** What a verification came to, as far as the law asks. */
export interface LawFacts {
  /** Whether signatures and everything under them hold. */
  readonly receipt: 'VALID' | 'INVALID' | 'UNDECIDED';
  /** `ABSENT`: the ledger holds no record, so that there is nothing to compare with. */
  readonly file: 'MATCH' | 'MISMATCH' | 'NOT_COMPARED' | 'ABSENT';
  readonly standing?: Standing;
  /** The record itself, where it was enclosed. */
  readonly record?: Pick<Evidence, 'statements' | 'interest'>;
  /** RFC 3339 time of a time-stamping authority. */
  readonly trustedTime?: string;
}

/** `shown`: the material shows it; `not-shown`: it does not; `undeclared`: nobody said, 未说明. */
export type LawState = 'shown' | 'not-shown' | 'undeclared';

/** One line a provision: what the record shows and what it does not. Never a finding of law: the court decides. */
export interface LawLine extends Wording {
  readonly provision: string;
  /** The same by its established English name. */
  readonly provisionEn: string;
  readonly state: LawState;
}

const RULES = { zh: '人民法院在线诉讼规则', en: "Online Litigation Rules of the People's Courts" };
const SIXTEENTH = { provision: `${RULES.zh}第十六条`, provisionEn: `${RULES.en}, Article 16` };
const SEVENTEENTH = { provision: `${RULES.zh}第十七条`, provisionEn: `${RULES.en}, Article 17` };
const EIGHTEENTH = { provision: `${RULES.zh}第十八条`, provisionEn: `${RULES.en}, Article 18` };
const NINETEENTH = { provision: `${RULES.zh}第十九条`, provisionEn: `${RULES.en}, Article 19` };
const BY_CHAIN = {
  provision: `${RULES.zh}第十六条（区块链核验）`,
  provisionEn: `${RULES.en}, Article 16 (check by blockchain)`,
};
const BY_NOTARY = {
  provision: '最高人民法院关于民事诉讼证据的若干规定第九十四条、公证法第三十六条（公证）',
  provisionEn:
    "Several Provisions of the Supreme People's Court on Evidence in Civil Procedures, Article 94; Notarization Law, Article 36 (notarisation)",
};
const STATEMENTS: Readonly<Record<StatementName, Wording>> = {
  source: { zh: '数据来源', en: 'source' },
  generation: { zh: '生成机制', en: 'generation' },
  storage: { zh: '存储过程', en: 'storage' },
  notarised: { zh: '公证', en: 'notarisation' },
  thirdPartyWitness: { zh: '第三方见证', en: 'witness by a third party' },
  corroboration: { zh: '关联印证数据', en: 'corroborating data' },
};

/**
 * The material, provision by provision: articles 16 to 19 of 人民法院在线诉讼规则, then the two strengths that the law
 * gives to different things, apart (requirement R37): a technical match, and what a notary certified.
 */
export function lawLines(facts: LawFacts): readonly LawLine[] {
  return [article16(facts), article17(facts), article18(facts), article19(facts), ...strengths(facts)];
}

function article16({ receipt, file, standing }: LawFacts): LawLine {
  if (receipt === 'VALID' && file === 'MATCH') {
    const contested = standing !== undefined && standing !== 'MATCH' && standing !== 'VALID';
    return {
      ...SIXTEENTH,
      state: 'shown',
      zh: `技术核验一致：可据以认定上链后未经篡改，有相反证据足以推翻的除外。${contested ? '该记录的状态另见上文。' : ''}`,
      en: `The technical check matches: it supports that the data were not altered after recording, unless contrary evidence refutes it.${contested ? ' For the standing of the record see above.' : ''}`,
    };
  }
  const zh = {
    MATCH: '签名或登记未能核实，不能据以认定。',
    MISMATCH: '技术核验不一致，不能据以认定。',
    NOT_COMPARED: '未提供文件，未作技术核验。',
    ABSENT: '账本上没有此记录，无从作技术核验。',
  };
  const en = {
    MATCH: 'Signatures or recording could not be confirmed, so nothing follows.',
    MISMATCH: 'The technical check does not match, so nothing follows.',
    NOT_COMPARED: 'No file was given, so no technical check was made.',
    ABSENT: 'The ledger has no such record, so there is nothing to check.',
  };
  return { ...SIXTEENTH, state: 'not-shown', zh: zh[file], en: en[file] };
}

function article17({ record }: LawFacts): LawLine {
  const rest = {
    zh: '平台资质、系统清洁与安全不由本材料证明。',
    en: 'The qualification of the platform and the state of its systems are not shown by this material.',
  };
  const interest = record?.interest ?? 'undeclared';
  const zh = { none: '申报无利害关系。', party: '申报有利害关系：存证方为当事人。', undeclared: '利害关系：未说明。' };
  const en = {
    none: 'Declared: no interest in the dispute.',
    party: 'Declared: the submitter is a party to the dispute.',
    undeclared: 'Interest in the dispute: undeclared.',
  };
  const state = interest === 'undeclared' ? 'undeclared' : 'shown';
  return { ...SEVENTEENTH, state, zh: `${zh[interest]}${rest.zh}`, en: `${en[interest]} ${rest.en}` };
}

function article18({ record }: LawFacts): LawLine {
  const missing = STATEMENT_NAMES.filter((name) => (record?.statements[name] ?? 'undeclared') === 'undeclared');
  const declared = STATEMENT_NAMES.filter((name) => !missing.includes(name));
  const list = (names: readonly StatementName[], language: 'zh' | 'en') =>
    names.map((name) => STATEMENTS[name][language]).join(language === 'zh' ? '、' : ', ');
  const zh = [
    declared.length > 0 ? `已申报：${list(declared, 'zh')}。` : '',
    missing.length > 0 ? `未说明：${list(missing, 'zh')}。` : '',
    '申报内容由申报人负责，本材料不证明上链前内容真实、合法。',
  ];
  const en = [
    declared.length > 0 ? `Declared: ${list(declared, 'en')}.` : '',
    missing.length > 0 ? `Undeclared: ${list(missing, 'en')}.` : '',
    'Declarations are their maker’s; this material does not prove that the content was true or lawful before recording.',
  ];
  const state = missing.length === 0 ? 'shown' : 'undeclared';
  return { ...EIGHTEENTH, state, zh: zh.join(''), en: en.filter((part) => part !== '').join(' ') };
}

function article19({ receipt, trustedTime }: LawFacts): LawLine {
  const time =
    trustedTime === undefined
      ? { zh: '未附可信时间。', en: 'No trusted time is enclosed.' }
      : { zh: `可信时间：${trustedTime}。`, en: `Trusted time: ${trustedTime}.` };
  return {
    ...NINETEENTH,
    state: receipt === 'VALID' ? 'shown' : 'not-shown',
    zh: `本回执可由有专门知识的人脱离本系统独立复核。${time.zh}`,
    en: `Anyone with expert knowledge can check this receipt again without this system. ${time.en}`,
  };
}

function chainStrength(matched: boolean, file: LawFacts['file']): Wording {
  if (matched) {
    return {
      zh: '区块链核验一致：法院可以认定上链后未经篡改。',
      en: 'The chain matches: the court may find that the data were not altered after recording.',
    };
  }
  if (file === 'ABSENT') {
    return {
      zh: '账本上没有此记录，无区块链核验可言。',
      en: 'The ledger has no such record, so the chain shows nothing.',
    };
  }
  return file === 'NOT_COMPARED'
    ? { zh: '未提供文件，未作区块链核验。', en: 'No file was given, so the chain was not asked about one.' }
    : { zh: '区块链核验未得出一致的结论。', en: 'The chain check came to no match.' };
}

function strengths(facts: LawFacts): readonly LawLine[] {
  const matched = facts.receipt === 'VALID' && facts.file === 'MATCH';
  const notarised = facts.record?.statements.notarised ?? 'undeclared';
  const zh = {
    yes: '申报已经公证：以公证书为准；对经公证的内容，法院应当确认其真实性，有相反证据足以推翻的除外。',
    no: '申报未经公证。',
    undeclared: '是否经公证：未说明。',
  };
  const en = {
    yes: 'Declared as notarised: the notarial deed decides. What a notary certified the court shall accept as authentic unless contrary evidence refutes it.',
    no: 'Declared as not notarised.',
    undeclared: 'Whether it was notarised: undeclared.',
  };
  return [
    {
      ...BY_CHAIN,
      state: matched ? 'shown' : 'not-shown',
      ...chainStrength(matched, facts.file),
    },
    {
      ...BY_NOTARY,
      state: notarised === 'undeclared' ? 'undeclared' : notarised === 'yes' ? 'shown' : 'not-shown',
      zh: zh[notarised],
      en: en[notarised],
    },
  ];
}
