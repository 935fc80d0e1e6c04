import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';

import { ANSWER_DAYS_MAX } from '../../../../domain/attestation-item.js';
import { BASIS_WORDING, SHAREABILITY_WORDING } from '../../../../domain/attestation-wording.js';
import {
  ATTESTATION_BASES,
  type AttestationBasis,
  SHAREABILITIES,
  type Shareability,
} from '../../../../domain/attestation-words.js';
import { type AttestationItem } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { type Who } from '../../session/who.js';
import { Facts } from '../../ui/facts.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { useFieldName } from '../../words/field-names.js';
import { useSay, useWords } from '../../words/words.js';
import { useCatalogue } from './use-catalogue.js';

const WORDS = {
  title: { zh: '可申请核验的事项（责任清单）', en: 'Items that may be asked for' },
  none: { zh: '还没有机构发布事项', en: 'No organisation has published an item yet' },
  unit: { zh: '答复单位', en: 'Answered by' },
  share: { zh: '共享属性', en: 'Shared' },
  law: { zh: '法律依据', en: 'Legal basis' },
  fields: { zh: '可核验字段', en: 'Fields' },
  matters: { zh: '适用事项编码', en: 'Matters' },
  bases: { zh: '申请依据', en: 'Bases' },
  limit: { zh: '答复时限（天）', en: 'Days to answer' },
  escalate: { zh: '逾期后升级督办（天）', en: 'Days until the delay is escalated' },
  ask: { zh: '申请核验', en: 'Ask' },
  publish: { zh: '发布事项', en: 'Publish an item' },
  itemId: { zh: '事项标识，如 ZJ-LICENCE-STATUS', en: 'Item number, such as ZJ-LICENCE-STATUS' },
  lawHint: { zh: '法律简称-条-款，如 SC716-11', en: 'Law, article, paragraph: SC716-11' },
  fieldsHint: { zh: '字段名，如 status、validUntil，回车分隔', en: 'Names such as status, validUntil' },
  mattersHint: { zh: '12 或 31 位事项编码，回车分隔', en: 'Codes of 12 or 31 characters' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  list: { zh: '、', en: ', ' },
} as const;

/** What each organisation lets others ask; an administrator publishes the own organisation's items. */
export function CataloguePanel({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const [publishing, setPublishing] = useState(false);
  const close = (): void => {
    setPublishing(false);
  };
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {who.role === 'admin' && (
        <div className="desk-bar">
          <Button
            type="primary"
            onClick={() => {
              setPublishing(true);
            }}
          >
            {w.publish}
          </Button>
        </div>
      )}
      {catalogue.pending && <Skeleton active />}
      {catalogue.error !== null && <ProblemAlert error={catalogue.error} retry={catalogue.again} />}
      {!catalogue.pending && catalogue.items.length === 0 && <p className="hint">{w.none}</p>}
      <ul className="desk-list">
        {catalogue.items.map((item) => (
          <Item key={`${item.mspId} ${item.itemId}`} item={item} who={who} />
        ))}
      </ul>
      {publishing && (
        <PublishDialog
          who={who}
          onClose={close}
          onDone={() => {
            close();
            void client.invalidateQueries({ queryKey: ['catalogue'] });
          }}
        />
      )}
    </section>
  );
}

function Item({ item, who }: { readonly item: AttestationItem; readonly who: Who }) {
  const w = useWords(WORDS);
  const say = useSay();
  const nameOf = useOrganisation();
  const fieldOf = useFieldName();
  const query = new URLSearchParams({ org: item.mspId, item: item.itemId });
  return (
    <li>
      <div className="desk-line">
        <strong>{item.itemId}</strong>
        <span className="hint">{nameOf(item.mspId)}</span>
        {who.role === 'officer' && item.mspId !== who.organisation && (
          <Link to={`/cross-region/new?${query.toString()}`}>{w.ask}</Link>
        )}
      </div>
      <Facts
        facts={[
          [w.unit, item.unit],
          [w.share, say(SHAREABILITY_WORDING[item.shareability])],
          [w.law, item.legalBasis],
          [w.fields, item.fields.map(fieldOf).join(w.list)],
          [w.matters, item.matters.join(w.list)],
          [w.bases, item.bases.map((basis) => say(BASIS_WORDING[basis])).join(w.list)],
          [w.limit, String(item.answerDays)],
        ]}
      />
    </li>
  );
}

interface PublishValues {
  readonly itemId: string;
  readonly unit: string;
  readonly shareability: Shareability;
  readonly legalBasis: string;
  readonly fields: readonly string[];
  readonly matters: readonly string[];
  readonly bases: readonly AttestationBasis[];
  readonly answerDays: number;
  readonly escalateDays: number;
}

interface PublishProperties {
  readonly who: Who;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function PublishDialog({ who, onClose, onDone }: PublishProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const act = useEntry<PublishValues>(
    (values) => ({ path: pathOf('catalogue'), body: { ...values, licence: false } }),
    onDone,
  );
  const rules = [{ required: true, message: w.required }];
  const bases = ATTESTATION_BASES.map((value) => ({ value, label: say(BASIS_WORDING[value]) }));
  return (
    <FormDialog title={w.publish} confirm={w.publish} act={act} onClose={onClose} initial={{ unit: who.unit }}>
      <Form.Item name="itemId" label={w.itemId} rules={rules}>
        <Input className="mono" maxLength={50} autoComplete="off" />
      </Form.Item>
      <Form.Item name="unit" label={w.unit} rules={rules}>
        <Input className="mono" maxLength={20} autoComplete="off" />
      </Form.Item>
      <Form.Item name="shareability" label={w.share} rules={rules}>
        <WordSelect words={SHAREABILITIES} wording={SHAREABILITY_WORDING} />
      </Form.Item>
      <Form.Item name="legalBasis" label={w.law} extra={w.lawHint} rules={rules}>
        <Input className="mono" maxLength={30} autoComplete="off" />
      </Form.Item>
      <Form.Item name="fields" label={w.fields} extra={w.fieldsHint} rules={rules}>
        <Select mode="tags" open={false} suffix={null} tokenSeparators={[',', '，', ' ']} />
      </Form.Item>
      <Form.Item name="matters" label={w.matters} extra={w.mattersHint} rules={rules}>
        <Select mode="tags" open={false} suffix={null} tokenSeparators={[',', '，', ' ']} />
      </Form.Item>
      <Form.Item name="bases" label={w.bases} rules={rules}>
        <Select mode="multiple" options={bases} />
      </Form.Item>
      <Form.Item name="answerDays" label={w.limit} rules={rules}>
        <InputNumber min={1} max={ANSWER_DAYS_MAX} precision={0} />
      </Form.Item>
      <Form.Item name="escalateDays" label={w.escalate} rules={rules}>
        <InputNumber min={0} max={ANSWER_DAYS_MAX} precision={0} />
      </Form.Item>
    </FormDialog>
  );
}
