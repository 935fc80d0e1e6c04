import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, type FormInstance, Input, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';

import { BASIS_WORDING, PURPOSE_WORDING } from '../../../../domain/attestation-wording.js';
import {
  ATTESTATION_PURPOSES,
  type AttestationBasis,
  type AttestationPurpose,
} from '../../../../domain/attestation-words.js';
import { optional } from '../../../../domain/fields.js';
import {
  type AttestationRequest,
  type AttestationWritten,
  type AttestationItem,
} from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { useEntry } from '../../desk/use-entry.js';
import { useErrorsInLanguage } from '../../desk/use-errors-in-language.js';
import { WordSelect } from '../../desk/word-select.js';
import { type Who } from '../../session/who.js';
import { saveFile } from '../../ui/save.js';
import { useOrganisation } from '../../ui/use-organisation.js';
import { useFieldName } from '../../words/field-names.js';
import { useSay, useWords } from '../../words/words.js';
import { makeHolderKey } from './holder-key.js';
import { NUMBER_TYPES } from './number-types.js';
import { useCatalogue } from './use-catalogue.js';

const WORDS = {
  title: { zh: '申请跨域核验', en: 'Ask another region' },
  item: { zh: '核验事项', en: 'Item' },
  itemNone: { zh: '请从其他机构的目录中选择', en: 'Choose from the catalogues of other organisations' },
  matter: { zh: '事项编码：答复只能用于这一件事', en: 'Matter: the answer is good for this one alone' },
  purpose: { zh: '应用场景', en: 'What for' },
  legalBasis: { zh: '本单位办理的法律依据（如 SC716-10）', en: 'Provision under which this unit acts (SC716-10)' },
  fields: { zh: '申请核验的字段', en: 'Fields asked for' },
  basis: { zh: '申请依据', en: 'Basis' },
  key: { zh: '持证人本事项公钥', en: "The holder's public key for this matter" },
  keyHint: {
    zh: '持证人用对应的私钥文件决定是否同意提供。没有时可在此生成：私钥文件请交给持证人，本系统不保留。',
    en: 'With the private half the holder decides whether the answer may go. It can be made here: give the file to the holder, nothing is kept.',
  },
  make: { zh: '生成并保存私钥文件', en: 'Make one and save the private key' },
  subject: {
    zh: '核验对象（只在两地机构的私有数据中，链上只有加盐哈希值）',
    en: 'Whom it is about (private data of the two organisations; the chain has a salted digest)',
  },
  numberType: { zh: '证件类型', en: 'Type of number' },
  number: { zh: '证件号码', en: 'Number' },
  numberWrong: { zh: '6 至 40 位数字、大写字母或连字符', en: '6 to 40 digits, capitals or hyphens' },
  name: { zh: '姓名或名称（可选）', en: 'Name (optional)' },
  text: { zh: '用途说明', en: 'Purpose in words' },
  commitment: {
    zh: '本单位承诺：申请真实、合规，结果只用于所申请的事项，不提供给第三方，并保证数据安全。',
    en: 'This unit commits itself: the request is true and lawful, its result is used for this matter alone, is given to nobody and kept safe.',
  },
  committed: { zh: '请先作出承诺', en: 'The commitment is needed' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  send: { zh: '提交申请', en: 'Send' },
} as const;

interface RequestValues {
  readonly item: string;
  readonly matter: string;
  readonly purpose: AttestationPurpose;
  readonly legalBasis: string;
  readonly fields: readonly string[];
  readonly basis: AttestationBasis;
  readonly holderKey?: string;
  readonly numberType: string;
  readonly number: string;
  readonly name?: string;
  readonly text: string;
  readonly commitment: boolean;
}

/** A request to another region, from its catalogue; what cannot be asked cannot be chosen. */
export function RequestForm({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const catalogue = useCatalogue();
  const [query] = useSearchParams();
  const items = catalogue.items.filter(({ mspId }) => mspId !== who.organisation);
  const chosen = `${query.get('org') ?? ''} ${query.get('item') ?? ''}`;
  if (catalogue.pending) return <Skeleton active />;
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {catalogue.error !== null && <ProblemAlert error={catalogue.error} retry={catalogue.again} />}
      <Fields items={items} initial={items.some((item) => keyOf(item) === chosen) ? chosen : undefined} />
    </section>
  );
}

function Fields({
  items,
  initial,
}: {
  readonly items: readonly AttestationItem[];
  readonly initial: string | undefined;
}) {
  const w = useWords(WORDS);
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<RequestValues>();
  useErrorsInLanguage(form);
  const act = useEntry<RequestValues, AttestationWritten>(
    (values, { salt }) => ({ path: pathOf('attestations'), body: bodyOf(values, salt) }),
    ({ attestation }) => {
      void client.invalidateQueries({ queryKey: ['attestations'] });
      void navigate(`/cross-region/one/${encodeURIComponent(attestation.id)}`);
    },
  );
  return (
    <Form
      form={form}
      layout="vertical"
      scrollToFirstError
      {...(initial === undefined ? {} : { initialValues: { item: initial } })}
      onFinish={(values) => void act.run(values)}
    >
      <QuestionItems form={form} items={items} initial={initial} />
      <SubjectItems />
      <Form.Item
        name="commitment"
        valuePropName="checked"
        rules={[
          { validator: (_, value) => (value === true ? Promise.resolve() : Promise.reject(new Error(w.committed))) },
        ]}
      >
        <Checkbox>{w.commitment}</Checkbox>
      </Form.Item>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      <Button type="primary" size="large" htmlType="submit" loading={act.running}>
        {w.send}
      </Button>
    </Form>
  );
}

interface QuestionProperties {
  readonly form: FormInstance<RequestValues>;
  readonly items: readonly AttestationItem[];
  readonly initial: string | undefined;
}

function QuestionItems({ form, items, initial }: QuestionProperties) {
  const w = useWords(WORDS);
  const say = useSay();
  const fieldOf = useFieldName();
  const [itemKey, setItemKey] = useState(initial);
  const [basis, setBasis] = useState<AttestationBasis>();
  const item = items.find((each) => keyOf(each) === itemKey);
  const nameOf = useOrganisation();
  const rules = [{ required: true, message: w.required }];
  const optionsOf = (values: readonly string[] = [], called = (value: string) => value) =>
    values.map((value) => ({ value, label: called(value) }));
  return (
    <div className="desk-form">
      <Form.Item name="item" label={w.item} rules={rules} className="wide">
        <Select
          placeholder={w.itemNone}
          options={items.map((each) => ({ value: keyOf(each), label: `${nameOf(each.mspId)} · ${each.itemId}` }))}
          onChange={(key: string) => {
            setItemKey(key);
            form.resetFields(['matter', 'fields', 'basis']);
            setBasis(undefined);
          }}
        />
      </Form.Item>
      <Form.Item name="matter" label={w.matter} rules={rules}>
        <Select options={optionsOf(item?.matters)} disabled={item === undefined} />
      </Form.Item>
      <Form.Item name="purpose" label={w.purpose} rules={rules}>
        <WordSelect words={ATTESTATION_PURPOSES} wording={PURPOSE_WORDING} />
      </Form.Item>
      <Form.Item name="legalBasis" label={w.legalBasis} rules={rules}>
        <Input className="mono" maxLength={30} autoComplete="off" />
      </Form.Item>
      <Form.Item name="fields" label={w.fields} rules={rules}>
        <Select mode="multiple" options={optionsOf(item?.fields, fieldOf)} disabled={item === undefined} />
      </Form.Item>
      <Form.Item name="basis" label={w.basis} rules={rules}>
        <Select
          disabled={item === undefined}
          options={item?.bases.map((value) => ({ value, label: say(BASIS_WORDING[value]) })) ?? []}
          onChange={setBasis}
        />
      </Form.Item>
      {basis === 'consent' && (
        <HolderKeyItem
          onMade={(point) => {
            form.setFieldValue('holderKey', point);
          }}
        />
      )}
    </div>
  );
}

function HolderKeyItem({ onMade }: { readonly onMade: (point: string) => void }) {
  const w = useWords(WORDS);
  const make = useAct(async () => {
    const { point, pem } = await makeHolderKey();
    saveFile(`holder-key-${point.slice(1, 9)}.pem`, new Blob([pem]), 'application/x-pem-file');
    onMade(point);
  });
  return (
    <div className="wide">
      <Form.Item name="holderKey" label={w.key} extra={w.keyHint} rules={[{ required: true, message: w.required }]}>
        <Input className="mono" maxLength={90} autoComplete="off" />
      </Form.Item>
      <Button className="block" loading={make.running} onClick={() => void make.run()}>
        {w.make}
      </Button>
    </div>
  );
}

function SubjectItems() {
  const w = useWords(WORDS);
  const rules = [{ required: true, message: w.required }];
  const say = useSay();
  const types = Object.entries(NUMBER_TYPES).map(([value, wording]) => ({ value, label: say(wording) }));
  return (
    <fieldset className="desk-set">
      <legend>{w.subject}</legend>
      <div className="desk-form">
        <Form.Item name="numberType" label={w.numberType} rules={rules}>
          <Select options={types} />
        </Form.Item>
        <Form.Item
          name="number"
          label={w.number}
          rules={[...rules, { pattern: /^[0-9A-Z-]{6,40}$/, message: w.numberWrong }]}
        >
          <Input className="mono" maxLength={40} autoComplete="off" />
        </Form.Item>
        <Form.Item name="name" label={w.name}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="text" label={w.text} rules={[{ ...rules[0], whitespace: true }]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
    </fieldset>
  );
}

function keyOf({ mspId, itemId }: { readonly mspId: string; readonly itemId: string }): string {
  return `${mspId} ${itemId}`;
}

function bodyOf(values: RequestValues, salt: string): AttestationRequest {
  const [mspId = '', itemId = ''] = values.item.split(' ');
  const { matter, purpose, legalBasis, fields, basis, holderKey, numberType, number, name, text } = values;
  return {
    item: { mspId, itemId },
    matter,
    purpose,
    legalBasis: legalBasis.trim(),
    basis,
    fields,
    commitment: true,
    ...(basis === 'consent' ? { holderKey: holderKey?.trim() ?? '' } : {}),
    payload: {
      schema: 'attestation-subject/1',
      salt,
      numberType,
      number,
      purpose: text.trim(),
      ...optional('name', name === undefined || name.trim() === '' ? undefined : name.trim()),
    },
  };
}
