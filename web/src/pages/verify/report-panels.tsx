import { STANDING_WORDING } from '../../../../domain/evidence-words.js';
import { type LawLine } from '../../../../domain/law-lines.js';
import { HASH_ALGORITHMS } from '../../../../domain/digests.js';
import { ALGORITHM_NAMES, ONE_MACHINE_NOTICE } from '../../../../domain/wording.js';
import { recordTimesOf, type ReportFacts } from '../../../../proof/verify/report.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { useLanguage } from '../../settings/language.js';
import { timeOf } from '../../ui/save.js';
import { useSay, useWords } from '../../words/words.js';
import { timeFacts } from './time-facts.js';
import { WORDS } from './words.js';

const FACT_WORDS = {
  subject: { zh: '事项', en: 'Subject' },
  found: { zh: '是否登记', en: 'Recorded' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否：账本上没有', en: 'no: the ledger has none' },
  standing: { zh: '状态', en: 'Standing' },
  attestedAt: { zh: '答复时间（申报）', en: 'Attested at (as claimed)' },
  trustedTime: { zh: '可信时间', en: 'Trusted time' },
  organisations: { zh: '签署机构', en: 'Signed by' },
  version: { zh: '区块 / 交易序号（从 0 起）', en: 'Block / place in it (from 0)' },
  channel: { zh: '通道，合约', en: 'Channel, chaincode' },
  note: { zh: '注意', en: 'Note' },
} as const;

/** What organisations signed; only what their signatures cover. */
export function SignedFacts({ facts }: { readonly facts: ReportFacts }) {
  const w = useWords(WORDS);
  return (
    <section className="panel" aria-labelledby="signed">
      <h2 id="signed">{w.signed}</h2>
      <Facts facts={useFacts(facts)} />
    </section>
  );
}

function useFacts(facts: ReportFacts): readonly Fact[] {
  const w = useWords(FACT_WORDS);
  const say = useSay();
  const { answer, version, trustedTime } = facts;
  const times = recordTimesOf(facts);
  const found: Fact[] = !answer.found
    ? []
    : [
        ...(times === undefined ? [] : timeFacts(times, say)),
        [w.standing, say(STANDING_WORDING[answer.standing])],
        ...HASH_ALGORITHMS.flatMap((name): Fact[] => {
          const digest = answer.digests?.[name];
          return digest === undefined
            ? []
            : [
                [
                  ALGORITHM_NAMES[name],
                  <span key={name} className="mono">
                    {digest}
                  </span>,
                ],
              ];
        }),
      ];
  return [
    [
      w.subject,
      <span key="subject" className="mono">
        {answer.subject.join(' ')}
      </span>,
    ],
    [w.found, answer.found ? w.yes : w.no],
    ...found,
    [w.attestedAt, timeOf(facts.attestedAt)],
    ...(answer.found || trustedTime === undefined ? [] : [[w.trustedTime, timeOf(trustedTime)] as const]),
    [w.organisations, facts.organisations.join(', ')],
    ...(version === undefined ? [] : [[w.version, `${version.block} / ${version.tx}`] as const]),
    [w.channel, `${facts.channel}, ${facts.chaincode.name} ${facts.chaincode.version}`],
    ...(facts.consensus === 'yinzheng-embedded' ? [[w.note, say(ONE_MACHINE_NOTICE)] as const] : []),
  ];
}

/** One line a provision; never a finding of law. */
export function LawPanel({ law }: { readonly law: readonly LawLine[] }) {
  const { language } = useLanguage();
  const w = useWords(WORDS);
  const say = useSay();
  return (
    <section className="panel" aria-labelledby="law">
      <h2 id="law">{w.law}</h2>
      <ul className="law">
        {law.map((line) => (
          <li key={line.provision} data-state={line.state}>
            {language === 'en' && <strong>{line.provisionEn} </strong>}
            <strong lang="zh-CN">{line.provision}</strong>
            <div>{say(line)}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
