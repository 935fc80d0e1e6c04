import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';

import { ALGORITHM_NAMES } from '../../../../domain/wording.js';
import { HASH_ALGORITHMS } from '../../../../domain/digests.js';
import {
  INTEREST_WORDING,
  KIND_WORDING,
  STATEMENT_LABELS,
  STATEMENT_WORDING,
} from '../../../../domain/evidence-words.js';
import { STATEMENT_NAMES } from '../../../../domain/statements.js';
import { type EvidenceView } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { SaltNote } from '../../desk/salt-note.js';
import { type Salted } from '../../desk/salted.js';
import { isOwnUnit } from '../../desk/own-unit.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { saveFile, timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { useSay, useWords } from '../../words/words.js';
import { CorrectionDialog } from './correction-dialog.js';
import { CustodyPanel } from './custody-panel.js';
import { fetchCertificate, fetchReceipt } from './downloads.js';
import { ObjectionsPanel } from './objections-panel.js';

const WORDS = {
  title: { zh: '存证', en: 'Record' },
  id: { zh: '存证编号', en: 'Number' },
  kind: { zh: '证据种类', en: 'Kind' },
  submitter: { zh: '提交单位与岗位', en: 'Unit and post of the submitter' },
  txTime: {
    zh: '登记时间（账本交易时间，由提交方申报，非可信时间）',
    en: 'Recorded at (transaction time, claimed, not trusted)',
  },
  claimedAt: { zh: '申报时间', en: 'Claimed time of the file' },
  interest: { zh: '利害关系', en: 'Party to the dispute' },
  tx: { zh: '交易', en: 'Transaction' },
  supersedes: { zh: '更正的原存证', en: 'Corrects' },
  statements: { zh: '上链前真实性说明', en: 'Statements about the time before recording' },
  supersededBy: {
    zh: '该存证已有更正记录，原记录继续可核验。更正记录：',
    en: 'A later record corrects this one, which stays verifiable: ',
  },
  receipt: { zh: '下载回执（.yz）', en: 'Receipt (.yz)' },
  certificate: { zh: '下载证书（PDF）', en: 'Certificate (PDF)' },
  correct: { zh: '更正', en: 'Correct' },
} as const;

/** How a record is read again after something was written about it. */
export interface RecordProperties {
  readonly view: EvidenceView;
  readonly who: Who;
  /** Reads the record again, and shows what is to be kept. */
  readonly onWritten: (salted: Salted | undefined) => void;
}

/** One record with all that may be done about it. */
export function RecordPage({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const { id = '' } = useParams();
  const { json } = useSession();
  const client = useQueryClient();
  const [kept, setKept] = useState<Salted>();
  const view = useQuery({
    queryKey: ['record', id],
    queryFn: () => json<EvidenceView>({ path: pathOf('evidence', id) }),
  });
  const onWritten = (salted: Salted | undefined): void => {
    setKept(salted);
    void view.refetch();
    void client.invalidateQueries({ queryKey: ['offers'] });
  };
  if (view.isPending) return <Skeleton active />;
  if (view.isError) return <ProblemAlert error={view.error} retry={() => void view.refetch()} />;
  const properties = { view: view.data, who, onWritten };
  return (
    <>
      {kept !== undefined && <SaltNote salted={kept} />}
      {view.data.supersededBy !== undefined && (
        <Alert
          className="block"
          type="warning"
          showIcon
          title={
            <>
              {w.supersededBy}
              <RecordLink id={view.data.supersededBy} />
            </>
          }
        />
      )}
      <RecordFacts {...properties} />
      <CustodyPanel {...properties} />
      <ObjectionsPanel {...properties} />
    </>
  );
}

function RecordLink({ id }: { readonly id: string }) {
  return (
    <Link className="mono" to={`/clerk/record/${encodeURIComponent(id)}`}>
      {id}
    </Link>
  );
}

function RecordFacts({ view, who, onWritten }: RecordProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  const [correcting, setCorrecting] = useState(false);
  const { record } = view;
  const { submitter } = record;
  const facts: Fact[] = [
    [w.id, <Copyable key="id" text={record.id} what={w.id} />],
    [w.kind, say(KIND_WORDING[record.kind])],
    [w.submitter, `${placeOf(submitter)} · ${submitter.name}`],
    [w.txTime, timeOf(record.txTime)],
    [w.claimedAt, timeOf(record.claimedAt)],
    ...HASH_ALGORITHMS.flatMap((name): Fact[] => {
      const digest = record.digests[name];
      const title = ALGORITHM_NAMES[name];
      return digest === undefined ? [] : [[title, <Copyable key={name} text={digest} what={title} />]];
    }),
    [w.tx, <Copyable key="tx" text={record.txId} what={w.tx} />],
    [w.interest, say(INTEREST_WORDING[record.interest])],
    ...(record.supersedes === undefined
      ? []
      : [[w.supersedes, <RecordLink key="supersedes" id={record.supersedes} />] as const]),
  ];
  const statements = STATEMENT_NAMES.map((name): Fact => [
    say(STATEMENT_LABELS[name]),
    say(STATEMENT_WORDING[record.statements[name]]),
  ]);
  const own = isOwnUnit(submitter, who);
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <Facts facts={facts} />
      <h3>{w.statements}</h3>
      <Facts facts={statements} />
      <div className="desk-bar">
        <Downloads id={record.id} />
        {own && view.supersededBy === undefined && (
          <Button
            onClick={() => {
              setCorrecting(true);
            }}
          >
            {w.correct}
          </Button>
        )}
      </div>
      {correcting && (
        <CorrectionDialog
          view={view}
          who={who}
          onWritten={onWritten}
          onClose={() => {
            setCorrecting(false);
          }}
        />
      )}
    </section>
  );
}

function Downloads({ id }: { readonly id: string }) {
  const w = useWords(WORDS);
  const session = useSession();
  const act = useAct(async (ending: 'yz' | 'pdf') => {
    const bytes = await (ending === 'yz' ? fetchReceipt(session, id) : fetchCertificate(session, id));
    saveFile(`${id}.${ending}`, bytes);
  });
  return (
    <>
      <Button disabled={act.running} onClick={() => void act.run('yz')}>
        {w.receipt}
      </Button>
      <Button disabled={act.running} onClick={() => void act.run('pdf')}>
        {w.certificate}
      </Button>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}
