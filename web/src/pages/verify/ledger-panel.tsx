import { Alert, Button, Skeleton } from 'antd';

import {
  DECISION_WORDING,
  GROUND_WORDING,
  INTEREST_WORDING,
  KIND_WORDING,
  STATEMENT_LABELS,
  STATEMENT_WORDING,
  VERDICT_NAMES,
} from '../../../../domain/evidence-words.js';
import { HASH_ALGORITHMS } from '../../../../domain/digests.js';
import { type EvidenceId, parseEvidenceId } from '../../../../domain/ids.js';
import { STATEMENT_NAMES } from '../../../../domain/statements.js';
import { type Verdict } from '../../../../domain/verdict.js';
import { ALGORITHM_NAMES, statusWording } from '../../../../domain/wording.js';
import {
  type PublicObjection,
  type PublicParty,
  type Verification,
  type VerifiedRecord,
} from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { useSay, useWords } from '../../words/words.js';
import { timeFacts } from './time-facts.js';
import { type Part } from './use-check.js';
import { WORDS } from './words.js';

const RECORD_WORDS = {
  id: { zh: '存证编号', en: 'Evidence id' },
  by: { zh: '登记单位', en: 'Registered by' },
  kind: { zh: '证据种类', en: 'Kind' },
  place: { zh: '区块 / 交易序号（从 0 起）', en: 'Block / place in it (from 0)' },
  notIndexed: { zh: '网关尚未收录', en: 'not indexed yet' },
  txId: { zh: '交易编号', en: 'Transaction' },
  interest: { zh: '利害关系', en: 'Interest in the dispute' },
  supersedes: { zh: '更正了', en: 'Corrects' },
  supersededBy: { zh: '已被更正为', en: 'Corrected by' },
  objection: { zh: '异议', en: 'Objection' },
  open: { zh: '尚待裁定', en: 'awaits its decision' },
} as const;

/** Colour of a verdict; a word stands beside it always. */
const TONES: Readonly<Record<Verdict, 'success' | 'error' | 'warning' | 'info'>> = {
  MATCH: 'success',
  MISMATCH: 'error',
  NOT_FOUND: 'info',
  MATCH_CONTESTED: 'warning',
  MATCH_SUPERSEDED: 'warning',
  MATCH_ANNULLED: 'error',
  UNVERIFIABLE_NOW: 'warning',
};

interface Onward {
  /** Asks about another record. */
  readonly onRecord: (id: EvidenceId) => void;
}

/** What the ledger says of the digests: the verdict in its fixed words, and the facts of each record. */
export function LedgerPanel({ ledger, onRecord }: { readonly ledger: Part<Verification> } & Onward) {
  const w = useWords(WORDS);
  const { value, running, error, retry } = ledger;
  if (value === undefined && !running && error === null) return null;
  return (
    <section className="panel" aria-labelledby="ledger" aria-busy={running}>
      <h2 id="ledger">{w.ledger}</h2>
      {error !== null && <Outage error={error} retry={retry} />}
      {value !== undefined && <Answer answer={value} onRecord={onRecord} />}
      {value === undefined && running && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
    </section>
  );
}

function Outage({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const say = useSay();
  return (
    <>
      <Verdict verdict="UNVERIFIABLE_NOW" sentence={say(statusWording('UNVERIFIABLE_NOW'))} />
      <ProblemAlert error={error} retry={retry} />
    </>
  );
}

function Answer({ answer, onRecord }: { readonly answer: Verification } & Onward) {
  const w = useWords(WORDS);
  const say = useSay();
  return (
    <>
      <Verdict verdict={answer.verdict} sentence={say(answer.wording)} />
      {!answer.complete && <p className="hint">{w.incomplete}</p>}
      {answer.records.map((record) => (
        <Record key={record.id} record={record} onRecord={onRecord} />
      ))}
    </>
  );
}

function Verdict({ verdict, sentence }: { readonly verdict: Verdict; readonly sentence: string }) {
  const say = useSay();
  return (
    <Alert
      className="block verdict"
      data-verdict={verdict}
      type={TONES[verdict]}
      showIcon
      title={say(VERDICT_NAMES[verdict])}
      description={sentence}
    />
  );
}

function Record({ record, onRecord }: { readonly record: VerifiedRecord } & Onward) {
  const w = useWords(WORDS);
  const facts = useFacts(record, onRecord);
  const say = useSay();
  return (
    <article className="record" data-record={record.id}>
      <h3>
        {w.record} · {say(VERDICT_NAMES[record.verdict])}
      </h3>
      <Facts facts={facts} />
    </article>
  );
}

function useFacts(record: VerifiedRecord, onRecord: Onward['onRecord']): readonly Fact[] {
  const w = useWords(RECORD_WORDS);
  const say = useSay();
  const partyOf = useParty();
  const { digests, statements, objections, blockNumber, txIndex } = record;
  const place = blockNumber === null ? w.notIndexed : `${blockNumber} / ${txIndex ?? ''}`;
  return [
    [w.id, <Copyable key="id" text={record.id} what={w.id} />],
    [w.by, partyOf(record.registeredBy)],
    [w.kind, say(KIND_WORDING[record.kind])],
    ...timeFacts(record, say),
    [w.place, place],
    [w.txId, <Copyable key="tx" text={record.txId} what={w.txId} />],
    ...HASH_ALGORITHMS.flatMap((name): Fact[] => {
      const digest = digests[name];
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
    [w.interest, say(INTEREST_WORDING[record.interest])],
    ...STATEMENT_NAMES.map((name): Fact => [say(STATEMENT_LABELS[name]), say(STATEMENT_WORDING[statements[name]])]),
    ...(['supersedes', 'supersededBy'] as const).flatMap((name): Fact[] => {
      const id = record[name];
      return id === undefined ? [] : [[w[name], <Other key={name} id={id} onRecord={onRecord} />]];
    }),
    ...objections.map((objection, index): Fact => [
      `${w.objection} ${index + 1}`,
      <Objection key={objection.id} {...objection} />,
    ]),
  ];
}

/** A record that this one leads to; on paper, its number. */
function Other({ id, onRecord }: { readonly id: string } & Onward) {
  return (
    <Button
      type="link"
      className="mono other-record"
      onClick={() => {
        onRecord(parseEvidenceId(id));
      }}
    >
      {id}
    </Button>
  );
}

function Objection({ ground, objector, txTime, decision }: PublicObjection) {
  const w = useWords(RECORD_WORDS);
  const say = useSay();
  const partyOf = useParty();
  const outcome =
    decision === undefined
      ? w.open
      : `${say(DECISION_WORDING[decision.decision])} · ${partyOf(decision.court)} · ${timeOf(decision.txTime)}`;
  return (
    <>
      {say(GROUND_WORDING[ground])} · {partyOf(objector)} · {timeOf(txTime)}
      <br />
      {outcome}
    </>
  );
}

function useParty(): (party: PublicParty) => string {
  const placeOf = usePlace();
  return (party) => `${placeOf(party)} · ${party.region}`;
}
