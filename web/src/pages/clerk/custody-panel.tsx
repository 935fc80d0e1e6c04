import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Tag } from 'antd';
import { useState } from 'react';

import { CUSTODY_PURPOSE_WORDING, TRANSFER_WORDING } from '../../../../domain/custody-wording.js';
import { CUSTODY_PURPOSES, type CustodyPurpose, type TransferAnswer } from '../../../../domain/custody.js';
import { optional } from '../../../../domain/fields.js';
import { isUnitCode } from '../../../../domain/unit-code.js';
import { type Network, type Transfer } from '../../../../gateway/openapi/types.js';
import { callJson, pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { isOwnUnit } from '../../desk/own-unit.js';
import { Facts } from '../../ui/facts.js';
import { timeOf } from '../../ui/save.js';
import { useOrganisation, usePlace } from '../../ui/use-organisation.js';
import { useSay, useWords } from '../../words/words.js';
import { type RecordProperties } from './record-page.js';

const WORDS = {
  title: { zh: '保管与移交', en: 'Custody' },
  holder: { zh: '现保管单位', en: 'Held by' },
  own: { zh: '（本单位）', en: ' (this unit)' },
  handOver: { zh: '移交', en: 'Hand over' },
  org: { zh: '接收机构', en: 'Receiving organisation' },
  unit: { zh: '接收单位的统一社会信用代码', en: "The unit's unified social credit code" },
  unitWrong: {
    zh: '不是有效的统一社会信用代码（18 位，含校验位）',
    en: 'Not a valid code: 18 characters, the last one a check',
  },
  purpose: { zh: '目的', en: 'Purpose' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  authority: {
    zh: '移交依据文书（可选，只登记加盐哈希值）',
    en: 'Document of authority (optional, salted digest only)',
  },
  history: { zh: '移交记录', en: 'Hand-overs' },
  accept: { zh: '签收', en: 'Accept' },
  decline: { zh: '不签收', en: 'Decline' },
  withdraw: { zh: '撤回移交', en: 'Take back' },
  access: { zh: '登记调取', en: 'Record an access' },
  accesses: { zh: '调取记录', en: 'Accesses' },
} as const;

/** Who holds the record, hand-overs with their answers, and who looked at it. */
export function CustodyPanel(properties: RecordProperties) {
  const w = useWords(WORDS);
  const placeOf = usePlace();
  const say = useSay();
  const [open, setOpen] = useState<'hand-over' | 'access'>();
  const { view, who } = properties;
  const holds = isOwnUnit(view.custody.holder, who);
  const mark = holds ? w.own : '';
  const transfers = [...view.transfers].sort((a, b) => b.sequence - a.sequence);
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <Facts facts={[[w.holder, `${placeOf(view.custody.holder)}${mark}`]]} />
      <div className="desk-bar">
        {holds && view.custody.pending === undefined && (
          <Button
            onClick={() => {
              setOpen('hand-over');
            }}
          >
            {w.handOver}
          </Button>
        )}
        <Button
          onClick={() => {
            setOpen('access');
          }}
        >
          {w.access}
        </Button>
      </div>
      {transfers.length > 0 && <h3>{w.history}</h3>}
      <ul className="desk-list">
        {transfers.map((transfer) => (
          <TransferRow key={transfer.id} transfer={transfer} {...properties} />
        ))}
      </ul>
      {view.accesses.length > 0 && <h3>{w.accesses}</h3>}
      <ul className="desk-list">
        {view.accesses.map(({ id, actor, purpose, txTime }) => (
          <li key={id} className="desk-line">
            <span>{timeOf(txTime)}</span>
            <span>{say(CUSTODY_PURPOSE_WORDING[purpose])}</span>
            <span className="hint">{`${placeOf(actor)} · ${actor.name}`}</span>
          </li>
        ))}
      </ul>
      {open === 'hand-over' && <HandOverDialog {...properties} onClose={close} />}
      {open === 'access' && <AccessDialog {...properties} onClose={close} />}
    </section>
  );
}

function TransferRow({ transfer, view, who, onWritten }: RecordProperties & { readonly transfer: Transfer }) {
  const w = useWords(WORDS);
  const placeOf = usePlace();
  const say = useSay();
  const act = useEntry<TransferAnswer>(
    (answer) => ({ path: pathOf('evidence', view.record.id, 'custody', transfer.id, 'answer'), body: { answer } }),
    () => {
      onWritten(undefined);
    },
  );
  const pending = transfer.state === 'pending';
  const answers: (readonly [TransferAnswer, string])[] = [
    ...(pending && isOwnUnit(transfer.to, who)
      ? ([
          ['accepted', w.accept],
          ['declined', w.decline],
        ] as const)
      : []),
    ...(pending && isOwnUnit(transfer.from, who) ? ([['withdrawn', w.withdraw]] as const) : []),
  ];
  return (
    <li>
      <div className="desk-line">
        <span>{`${placeOf(transfer.from)} → ${placeOf(transfer.to)}`}</span>
        <Tag color={pending ? 'processing' : transfer.state === 'accepted' ? 'success' : 'default'}>
          {say(TRANSFER_WORDING[transfer.state])}
        </Tag>
      </div>
      <div className="desk-line hint">
        <span>{say(CUSTODY_PURPOSE_WORDING[transfer.purpose])}</span>
        <span>{timeOf(transfer.txTime)}</span>
      </div>
      <div className="desk-line">
        {answers.map(([answer, name]) => (
          <Button
            key={answer}
            type={answer === 'accepted' ? 'primary' : 'default'}
            disabled={act.running}
            onClick={() => void act.run(answer)}
          >
            {name}
          </Button>
        ))}
      </div>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </li>
  );
}

interface HandOverValues {
  readonly mspId: string;
  readonly unit: string;
  readonly purpose: CustodyPurpose;
  readonly authority?: File;
}

function HandOverDialog({ view, onWritten, onClose }: RecordProperties & { readonly onClose: () => void }) {
  const w = useWords(WORDS);
  const nameOf = useOrganisation();
  const network = useQuery({
    queryKey: ['network'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
  });
  const act = useEntry<HandOverValues>(
    async ({ mspId, unit, purpose, authority }, salting) => {
      const salted = authority && (await salting.file(authority));
      const body = { to: { mspId, unit: unit.trim() }, purpose, ...optional('authorityDigest', salted?.digest) };
      return { path: pathOf('evidence', view.record.id, 'custody'), body, ...optional('salted', salted) };
    },
    (_, salted) => {
      onClose();
      onWritten(salted);
    },
  );
  const checkUnit = (_: unknown, value?: string): Promise<void> =>
    value !== undefined && isUnitCode(value.trim()) ? Promise.resolve() : Promise.reject(new Error(w.unitWrong));
  const options = (network.data?.organisations ?? []).map((value) => ({ value, label: nameOf(value) }));
  return (
    <FormDialog title={w.handOver} confirm={w.handOver} act={act} onClose={onClose}>
      <Form.Item name="mspId" label={w.org} rules={[{ required: true, message: w.required }]}>
        <Select options={options} />
      </Form.Item>
      <Form.Item name="unit" label={w.unit} required rules={[{ validator: checkUnit }]}>
        <Input className="mono" maxLength={20} autoComplete="off" />
      </Form.Item>
      <PurposeItem />
      <Form.Item name="authority" label={w.authority}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}

function AccessDialog({ view, onWritten, onClose }: RecordProperties & { readonly onClose: () => void }) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly purpose: CustodyPurpose }>(
    ({ purpose }) => ({ path: pathOf('evidence', view.record.id, 'accesses'), body: { purpose, changed: false } }),
    () => {
      onClose();
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.access} confirm={w.access} act={act} onClose={onClose}>
      <PurposeItem />
    </FormDialog>
  );
}

function PurposeItem() {
  const w = useWords(WORDS);
  return (
    <Form.Item name="purpose" label={w.purpose} rules={[{ required: true, message: w.required }]}>
      <WordSelect words={CUSTODY_PURPOSES} wording={CUSTODY_PURPOSE_WORDING} />
    </Form.Item>
  );
}
