import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';

import { type LicenseId } from '../../../../domain/license-id.js';
import { type FieldsAnswer, type LicenseHistory, type LicenseStatus } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { SaltNote } from '../../desk/salt-note.js';
import { type Salted } from '../../desk/salted.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { useSay, useWords } from '../../words/words.js';
import { askStatus, askType, readLicenceId } from '../licence/licence-status.js';
import { Standing } from '../licence/status-panel.js';
import { DeliveryCard } from './delivery-card.js';
import { HistoryPanel } from './history-panel.js';
import { EnrolDialog, PurgeDialog, RefuseRenewalDialog } from './holder-dialogs.js';
import { useRenewals } from './licences-panel.js';
import { OperationDialog } from './operation-dialog.js';
import { makesVersion, type OperationEntry, operationsFor } from './operations.js';
import { type Delivering, useDelivery } from './use-delivery.js';
import { ValuesPanel } from './values-panel.js';
import { VersionDialog } from './version-dialog.js';

const WORDS = {
  wrong: { zh: '地址中没有证照标识', en: 'The address has no licence identifier' },
  doings: { zh: '可办理', en: 'What can be done' },
  nothing: { zh: '按现状态没有可办理的操作', en: 'Nothing can be done in its present status' },
  superseded: { zh: '此版本已变更，请打开现行版本办理：', en: 'There is a later version; open that one: ' },
  asked: { zh: '持证人已申请延续，等待决定', en: 'The holder asked for renewal, which waits for a decision' },
  refuse: { zh: '不予延续', en: 'Refuse the renewal' },
  enrol: { zh: '登记持证人密钥', en: "Enrol the holder's keys" },
} as const;

/** One licence of an authority: how it stands, what was done, what is kept, and what may be done now. */
export function OneLicence({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const { id: text = '' } = useParams();
  const id = readLicenceId(text);
  return id === undefined ? <p>{w.wrong}</p> : <Known key={id} id={id} who={who} />;
}

function Known({ id, who }: { readonly id: LicenseId; readonly who: Who }) {
  const { json } = useSession();
  const client = useQueryClient();
  const [kept, setKept] = useState<Salted>();
  const [open, setOpen] = useState<Open>();
  const path = pathOf('licenses', id, 'history');
  const history = useQuery({ queryKey: ['licence-history', id], queryFn: () => json<LicenseHistory>({ path }) });
  const onWritten = (salted: Salted | undefined): void => {
    setOpen(undefined);
    setKept(salted);
    for (const name of ['licence', 'licence-history', 'licence-values', 'renewals']) {
      void client.invalidateQueries({ queryKey: [name] });
    }
  };
  const delivering = useDelivery(who, () => {
    onWritten(undefined);
  });
  if (history.isPending) return <Skeleton active />;
  if (history.isError) return <ProblemAlert error={history.error} retry={() => void history.refetch()} />;
  return (
    <>
      {kept !== undefined && <SaltNote salted={kept} />}
      <DeliveryCard delivering={delivering} />
      <Standing id={id} asOf="" />
      <Doings {...{ id, delivering, open, onOpen: setOpen, onWritten }} acts={history.data.acts} />
      <HistoryPanel acts={history.data.acts} />
    </>
  );
}

type Open = OperationEntry | 'enrol' | 'refuse' | 'purge';

interface Properties {
  readonly id: LicenseId;
  readonly acts: LicenseHistory['acts'];
  readonly delivering: Delivering;
  readonly open: Open | undefined;
  readonly onOpen: (open: Open | undefined) => void;
  readonly onWritten: (salted: Salted | undefined) => void;
}

function Doings(properties: Properties) {
  const { id, onOpen, open } = properties;
  const { json } = useSession();
  const path = pathOf('licenses', id, 'fields');
  const values = useQuery({ queryKey: ['licence-values', id], queryFn: () => json<FieldsAnswer>({ path }) });
  return (
    <>
      <Offered {...properties} />
      <ValuesPanel
        id={id}
        values={values}
        onPurge={() => {
          onOpen('purge');
        }}
      />
      {open !== undefined && <Dialog {...properties} open={open} values={values.data} />}
    </>
  );
}

function Offered({ id, acts, delivering, onOpen }: Properties) {
  const w = useWords(WORDS);
  const [nowMs] = useState(() => Date.now());
  const standing = useQuery({ queryKey: ['licence', id, ''], queryFn: () => askStatus(id, ''), gcTime: 0 });
  const renewals = useRenewals(useSession());
  if (standing.data === undefined) return null; // Its own panel says so, and tries again.
  const asked = renewals.data?.renewals.some(({ licenseId }) => licenseId === id) ?? false;
  const entries = operationsFor({ standing: standing.data, acts, asked, nowMs });
  const current = standing.data.verdict !== 'SUPERSEDED';
  return (
    <section className="panel" aria-label={w.doings}>
      <h2>{w.doings}</h2>
      {asked && <p className="desk-late">{w.asked}</p>}
      <Superseded standing={standing.data} />
      {entries.length === 0 && current && <p className="hint">{w.nothing}</p>}
      <div className="desk-bar">
        <OperationButtons entries={entries} busy={delivering.delivery !== undefined} onOpen={onOpen} />
        {asked && (
          <Button
            onClick={() => {
              onOpen('refuse');
            }}
          >
            {w.refuse}
          </Button>
        )}
        {current && (
          <Button
            onClick={() => {
              onOpen('enrol');
            }}
          >
            {w.enrol}
          </Button>
        )}
      </div>
    </section>
  );
}

interface ButtonsProperties {
  readonly entries: readonly OperationEntry[];
  /** Whether another version is under way. */
  readonly busy: boolean;
  readonly onOpen: (entry: OperationEntry) => void;
}

function OperationButtons({ entries, busy, onOpen }: ButtonsProperties) {
  const say = useSay();
  return entries.map((entry) => (
    <Button
      key={`${entry.operation} ${entry.ending ?? ''}`}
      danger={entry.danger}
      disabled={busy && makesVersion(entry)}
      onClick={() => {
        onOpen(entry);
      }}
    >
      {say(entry.name)}
    </Button>
  ));
}

function Superseded({ standing: { verdict, current } }: { readonly standing: LicenseStatus }) {
  const w = useWords(WORDS);
  if (verdict !== 'SUPERSEDED' || current === undefined) return null;
  return (
    <p>
      {w.superseded}
      <Link className="mono" to={`/issuing/licence/${current}`}>
        {current}
      </Link>
    </p>
  );
}

interface OpenProperties extends Omit<Properties, 'open'> {
  readonly open: Open;
  readonly values: FieldsAnswer | undefined;
}

function Dialog({ open, id, acts, delivering, values, onOpen, onWritten }: OpenProperties) {
  const onClose = (): void => {
    onOpen(undefined);
  };
  const dialog = { id, onClose, onWritten };
  if (open === 'enrol') return <EnrolDialog {...dialog} />;
  if (open === 'refuse') return <RefuseRenewalDialog {...dialog} />;
  if (open === 'purge') return <PurgeDialog {...dialog} />;
  if (!makesVersion(open)) return <OperationDialog {...dialog} entry={open} />;
  return <NextVersion entry={open} {...{ id, acts, delivering, values, onClose }} />;
}

interface VersionProperties extends Pick<OpenProperties, 'id' | 'acts' | 'delivering' | 'values'> {
  readonly entry: OperationEntry;
  readonly onClose: () => void;
}

function NextVersion({ acts, values, ...more }: VersionProperties) {
  const { id } = more;
  const type = useQuery({ queryKey: ['licence-type', id], queryFn: () => askType(id) });
  if (type.data === undefined) return type.isError && <ProblemAlert error={type.error} />;
  const face = acts.findLast(({ request }) => request.face !== undefined)?.request.face;
  const kept = values === undefined || Object.keys(values.values).length === 0 ? undefined : values.values;
  return <VersionDialog {...more} type={type.data} face={face} values={kept} />;
}
