import { Alert, Button, Tag } from 'antd';

import { type LicenseUse } from '../../../../../domain/license-use.js';
import { useSession } from '../../../session/session.js';
import { Copyable } from '../../../ui/copyable.js';
import { type Fact, Facts } from '../../../ui/facts.js';
import { PrintButton } from '../../../ui/print-button.js';
import { timeOf } from '../../../ui/save.js';
import { useFieldName } from '../../../words/field-names.js';
import { useWords } from '../../../words/words.js';
import { type Handed } from '../holder/holder-calls.js';
import { Standing } from '../status-panel.js';
import { checkFields, type CheckedField } from './handed.js';
import { WORDS } from './words.js';

/** A code that was read, and once it was recorded, the use. */
export interface ShownUse {
  readonly handed: Handed;
  readonly use?: LicenseUse;
  readonly txId?: string;
}

const TAGS = { MATCH: 'success', MISMATCH: 'error', NOT_HANDED_OVER: 'warning' } as const;

/** What came of a holder's code: whether the content fits, what it is, and how the licence stands now. To be printed. */
export function Shown({
  shown: { handed, use, txId },
  onNext,
}: {
  readonly shown: ShownUse;
  readonly onNext: () => void;
}) {
  const w = useWords(WORDS);
  if (use === undefined) return null;
  const fields = checkFields(use.fields, handed.values);
  const fits = fields.every(({ verdict }) => verdict === 'MATCH');
  const outcome = fields.length === 0 ? 'status' : fits ? 'fits' : 'differs';
  return (
    <>
      <section className="panel" aria-live="polite" aria-label={w.outcome}>
        <Alert className="block" data-shown={outcome} type={fits ? 'success' : 'error'} showIcon title={w[outcome]} />
        <Fields fields={fields} />
        <UseFacts use={use} txId={txId} />
        <p className="row no-print">
          <Button type="primary" onClick={onNext}>
            {w.next}
          </Button>
          <PrintButton />
        </p>
      </section>
      <Standing id={use.shown} asOf="" />
    </>
  );
}

function Fields({ fields }: { readonly fields: readonly CheckedField[] }) {
  const w = useWords(WORDS);
  const nameOf = useFieldName();
  const facts = fields.map(({ name, value, verdict }): Fact => [
    nameOf(name),
    <span key={name} data-field={verdict}>
      {value} <Tag color={TAGS[verdict]}>{w[verdict]}</Tag>
    </span>,
  ]);
  return <Facts facts={facts} />;
}

function UseFacts({ use, txId = '' }: { readonly use: LicenseUse; readonly txId: string | undefined }) {
  const w = useWords(WORDS);
  const { who } = useSession();
  return (
    <Facts
      facts={[
        [w.id, <Copyable key="id" text={use.shown} what={w.id} />],
        [w.matter, use.request.matterCode],
        [w.sequence, String(use.sequence)],
        [w.grant, use.grantId],
        [w.at, timeOf(use.txTime)],
        [w.by, `${who?.user ?? ''} · ${use.verifier.unit} (${use.verifier.mspId})`],
        [w.tx, <Copyable key="tx" text={txId} what={w.tx} />],
      ]}
    />
  );
}
