import { Button, Form, Tag } from 'antd';
import { useState } from 'react';

import { DECISION_WORDING, GROUND_WORDING } from '../../../../domain/evidence-words.js';
import { optional } from '../../../../domain/fields.js';
import {
  OBJECTION_DECISIONS,
  OBJECTION_GROUNDS,
  type ObjectionDecision,
  type ObjectionGround,
} from '../../../../domain/objection.js';
import { type Objection } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { useSay, useWords } from '../../words/words.js';
import { type RecordProperties } from './record-page.js';

const WORDS = {
  title: { zh: '异议', en: 'Objections' },
  none: { zh: '没有异议', en: 'None' },
  object: { zh: '提出异议', en: 'Object' },
  ground: { zh: '异议理由', en: 'Ground' },
  detail: { zh: '异议书（可选，只登记加盐哈希值）', en: 'Written reasons (optional, salted digest only)' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  open: { zh: '待裁定', en: 'open' },
  decide: { zh: '裁定', en: 'Decide' },
  decision: { zh: '裁定结果', en: 'Decision' },
  document: { zh: '裁定书（只登记加盐哈希值）', en: 'Written decision (salted digest only)' },
  by: { zh: '提出单位 {unit}', en: 'by {unit}' },
} as const;

/** Objections with what became of them. Who may object and who decides, the contract says. */
export function ObjectionsPanel(properties: RecordProperties) {
  const w = useWords(WORDS);
  const [objecting, setObjecting] = useState(false);
  const [deciding, setDeciding] = useState<Objection>();
  const { view, who } = properties;
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {view.objections.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {view.objections.map((objection) => (
          <ObjectionRow
            key={objection.id}
            objection={objection}
            {...(who.role === 'clerk' && objection.decision === undefined ? { onDecide: setDeciding } : {})}
          />
        ))}
      </ul>
      <div className="desk-bar">
        <Button
          onClick={() => {
            setObjecting(true);
          }}
        >
          {w.object}
        </Button>
      </div>
      {objecting && (
        <ObjectDialog
          {...properties}
          onClose={() => {
            setObjecting(false);
          }}
        />
      )}
      {deciding !== undefined && (
        <DecideDialog
          {...properties}
          objection={deciding}
          onClose={() => {
            setDeciding(undefined);
          }}
        />
      )}
    </section>
  );
}

interface RowProperties {
  readonly objection: Objection;
  /** Given where the post may decide. */
  readonly onDecide?: (objection: Objection) => void;
}

function ObjectionRow({ objection, onDecide }: RowProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  const { ground, decision, txTime, objector } = objection;
  return (
    <li>
      <div className="desk-line">
        <span>{say(GROUND_WORDING[ground])}</span>
        <Tag color={decision === undefined ? 'warning' : 'default'}>
          {decision === undefined ? w.open : say(DECISION_WORDING[decision.decision])}
        </Tag>
      </div>
      <div className="desk-line hint">
        <span>{timeOf(txTime)}</span>
        <span>{placeOf(objector)}</span>
      </div>
      {onDecide !== undefined && (
        <Button
          onClick={() => {
            onDecide(objection);
          }}
        >
          {w.decide}
        </Button>
      )}
    </li>
  );
}

function ObjectDialog({ view, onWritten, onClose }: RecordProperties & { readonly onClose: () => void }) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly ground: ObjectionGround; readonly detail?: File }>(
    async ({ ground, detail }, salting) => {
      const salted = detail && (await salting.file(detail));
      const body = { ground, ...optional('detailDigest', salted?.digest) };
      return { path: pathOf('evidence', view.record.id, 'objections'), body, ...optional('salted', salted) };
    },
    (_, salted) => {
      onClose();
      onWritten(salted);
    },
  );
  return (
    <FormDialog title={w.object} confirm={w.object} act={act} onClose={onClose} danger>
      <Form.Item name="ground" label={w.ground} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={OBJECTION_GROUNDS} wording={GROUND_WORDING} />
      </Form.Item>
      <Form.Item name="detail" label={w.detail}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}

interface DecideProperties extends RecordProperties {
  readonly objection: Objection;
  readonly onClose: () => void;
}

function DecideDialog({ view, objection, onWritten, onClose }: DecideProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly decision: ObjectionDecision; readonly document: File }>(
    async ({ decision, document }, salting) => {
      const salted = await salting.file(document);
      const path = pathOf('evidence', view.record.id, 'objections', objection.id, 'decision');
      return { path, body: { decision, documentDigest: salted.digest }, salted };
    },
    (_, salted) => {
      onClose();
      onWritten(salted);
    },
  );
  return (
    <FormDialog title={w.decide} confirm={w.decide} act={act} onClose={onClose} danger>
      <Form.Item name="decision" label={w.decision} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={OBJECTION_DECISIONS} wording={DECISION_WORDING} />
      </Form.Item>
      <Form.Item name="document" label={w.document} rules={[{ required: true, message: w.required }]}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}
