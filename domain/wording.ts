import { chinaTime } from './calendar.js';
import { type HashAlgorithm } from './digests.js';
import { type Caveat, type MatchVerdict, type Verdict } from './verdict.js';

/** One sentence in the two languages people are shown; Chinese is the normative one. */
export interface Wording {
  readonly zh: string;
  readonly en: string;
}

/** How algorithms are written for people. */
export const ALGORITHM_NAMES = { 'sha-256': 'SHA-256', 'sha-512': 'SHA-512', sm3: 'SM3' } as const satisfies Record<
  HashAlgorithm,
  string
>;

/** What a match is about. */
export interface MatchFacts {
  readonly algorithm: HashAlgorithm;
  readonly id: string;
  /** The transaction's own time. Fabric's is the client's claim, so it is always named as such. */
  readonly txTime: string;
  /** Of a time-stamping authority, where the record's receipt carries its token. */
  readonly trustedTime?: string;
}

/**
 * 技术核验一致, with its bounds (requirement R12): what follows from the match, 人民法院在线诉讼规则 article 16, and what
 * does not, article 18. Times as people in China read them, as everywhere on the page that the sentence stands on. Never
 * a word on whether the content is true or has legal effect.
 */
export function matchWording({ algorithm, id, txTime, trustedTime }: MatchFacts): Wording {
  const name = ALGORITHM_NAMES[algorithm];
  const trusted = {
    zh: trustedTime === undefined ? '' : `，可信时间${chinaTime(trustedTime)}（RFC 3161 可信时间戳：不晚于此时已登记）`,
    en:
      trustedTime === undefined
        ? ''
        : `, trusted time ${chinaTime(trustedTime)} (RFC 3161 time-stamp: recorded no later than that)`,
  };
  return {
    zh: `技术核验一致：所提交文件的${name}值与存证编号${id}登记值一致，登记时间${chinaTime(txTime)}（账本交易时间，由提交方申报，非可信时间）${trusted.zh}。可据此认定上链后未经篡改；不证明上链前内容真实、合法。`,
    en: `Technical check: match. The file's ${name} value equals the one registered as ${id} at ${chinaTime(txTime)} (ledger transaction time as claimed by the submitter, not a trusted time)${trusted.en}. It supports that the data were not altered after recording; it does not prove that the content was true or lawful before.`,
  };
}

/** 技术核验不一致 (requirement R13): names harmless causes and both digests, accuses nobody. */
export function mismatchWording(algorithm: HashAlgorithm, registered: string, submitted: string): Wording {
  const name = ALGORITHM_NAMES[algorithm];
  return {
    zh: `技术核验不一致：登记的${name}值为${registered}，所提交文件的${name}值为${submitted}。可能为：文件被修改、另存/转码、选错文件或编号。`,
    en: `Technical check: no match. Registered ${name}: ${registered}; submitted file: ${submitted}. Possible causes: the file was changed, saved again or converted, or the wrong file or number was chosen.`,
  };
}

const STATUS_WORDING: Readonly<Record<Exclude<Verdict, 'MATCH' | 'MISMATCH'>, Wording>> = {
  NOT_FOUND: {
    zh: '账本已应答：未查到该算法下的这一哈希值。未查到不等于虚假，也可能是选错文件、算法，或尚未存证。',
    en: 'The ledger answered: it holds no record of this digest under this algorithm. Not found does not mean false: another file or algorithm may have been chosen, or nothing was recorded yet.',
  },
  MATCH_CONTESTED: {
    zh: '另有异议尚待裁定；哈希核验结果不受影响。',
    en: 'An objection awaits its decision; the digest check itself is not affected.',
  },
  MATCH_SUPERSEDED: {
    zh: '该存证已有更正记录，原记录继续可核验。',
    en: 'A later record corrects this one, which stays verifiable.',
  },
  MATCH_ANNULLED: {
    zh: '法院已裁定异议成立；哈希核验结果不受影响，该存证不再据以认定。',
    en: 'A court upheld an objection; the digest check itself is not affected, but the record is no longer relied on.',
  },
  UNVERIFIABLE_NOW: {
    zh: '目前无法核验：账本未能应答。这不表示未存证，请稍后再试。',
    en: 'Cannot be verified now: the ledger did not answer. This does not mean that nothing was recorded; try again later.',
  },
};

/** The sentence that follows from a verdict's status; a plain match or mismatch has its own functions above. */
export function statusWording(verdict: Exclude<Verdict, 'MATCH' | 'MISMATCH'>): Wording {
  return STATUS_WORDING[verdict];
}

/** The whole sentence for one record whose digest is the one asked for: the match, then what its status adds. */
export function recordWording(verdict: MatchVerdict, facts: MatchFacts): Wording {
  const match = matchWording(facts);
  if (verdict === 'MATCH') return match;
  const status = statusWording(verdict);
  return { zh: `${match.zh}${status.zh}`, en: `${match.en} ${status.en}` };
}

/** What is said wherever a network is shown whose organisations' keys all lie on one machine: pages, commands, receipts. */
export const ONE_MACHINE_NOTICE: Wording = {
  zh: '内嵌网络是一台机器上的一个进程，持有所有机构的私钥：谁运行它，谁就能伪造每一个背书。它用于开发、测试和演示，不证明机构之间的任何信任。',
  en: 'The embedded network is one process on one machine that holds the keys of every organisation: whoever runs it could forge every endorsement. It is for development, tests and demonstrations and proves nothing about trust between organisations.',
};

/** The same where Fabric's own programs run, all on one machine. */
export const ONE_MACHINE_FABRIC_NOTICE: Wording = {
  zh: '这里运行的是 Hyperledger Fabric 自己的程序和拜占庭容错排序，但都在一台机器上，所有机构的私钥也在其中：谁运行它，谁就能伪造每一个背书。机构各自部署见 docs/production.md。',
  en: "Hyperledger Fabric's own programs run here, with Byzantine ordering, but all on one machine that holds the keys of every organisation: whoever runs it could forge every endorsement. For a machine per organisation see docs/production.md.",
};

/** Said where a record is asked for by an id that the ledger does not hold: nothing was compared. */
export const UNKNOWN_ID_WORDING: Wording = {
  zh: '账本已应答：没有这一存证编号，因此未作比对。请核对编号，或不填编号、按文件查询。',
  en: 'The ledger answered: it has no record with this number, so nothing was compared. Check the number, or ask by the file alone.',
};

const CAVEAT_WORDS: Readonly<Partial<Record<Verdict, Wording>>> = {
  MATCH_ANNULLED: {
    zh: '条经法院裁定异议成立，不再据以认定',
    en: 'no longer relied on because a court upheld an objection',
  },
  MISMATCH: { zh: '条另一算法的登记值不一致', en: 'with another value under another algorithm' },
  MATCH_CONTESTED: { zh: '条有异议待裁定', en: 'with an objection that awaits its decision' },
  MATCH_SUPERSEDED: { zh: '条已有更正记录', en: 'corrected by a later record' },
};

/**
 * What other records of the same file came to, said after the verdict over all of them (requirements R11 and R12).
 * @param caveats as `findCaveats` gives them. @returns `undefined` where there is none.
 */
export function caveatWording(caveats: readonly Caveat[]): Wording | undefined {
  if (caveats.length === 0) return undefined;
  const zh = caveats.map(({ verdict, ids }) => `${ids.length}${CAVEAT_WORDS[verdict]?.zh ?? `条${verdict}`}`);
  const en = caveats.map(({ verdict, ids }) => {
    return `${ids.length} ${ids.length === 1 ? 'record' : 'records'} ${CAVEAT_WORDS[verdict]?.en ?? verdict}`;
  });
  return {
    zh: `但同一文件另有存证：${zh.join('；')}。请逐条查看后再作判断。`,
    en: `But the same file was recorded before or since: ${en.join('; ')}. Look at each before relying on it.`,
  };
}
