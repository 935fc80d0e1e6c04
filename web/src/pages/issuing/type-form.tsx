import { Button, Form, Input, Radio, Select } from 'antd';

import { optional } from '../../../../domain/fields.js';
import { LICENSE_KINDS, type LicenseKind } from '../../../../domain/license-type.js';
import { LICENSE_KIND_WORDING } from '../../../../domain/license-use-wording.js';
import { type Answers, type Bodies, type LicenseType } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { useErrorsInLanguage } from '../../desk/use-errors-in-language.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { type Who } from '../../session/who.js';
import { FIELD_NAMES } from '../../words/field-names.js';
import { fill, useSay, useWords } from '../../words/words.js';
import { AuthorityItems, type AuthorityValues } from './authority-items.js';
import { codeOf } from './face.js';

const WORDS = {
  define: { zh: '定义证照类型', en: 'Define a type' },
  revise: { zh: '修订证照类型', en: 'Revise a type' },
  number: { zh: '类型序号：本单位代码 {unit} 后的三位数字', en: 'Number: three digits after this unit’s code {unit}' },
  numberWrong: { zh: '须为三位数字', en: 'Three digits' },
  kind: { zh: '证照种类', en: 'Kind' },
  fields: { zh: '照面字段', en: 'Fields of its face' },
  field: { zh: '字段名', en: 'Name' },
  fieldWrong: {
    zh: '字段名为 2 至 40 个字母，首字母小写，且不得重复',
    en: '2 to 40 letters, the first one small, each name once',
  },
  privacy: { zh: '可见性', en: 'Visibility' },
  private: { zh: '隐私：链上只有加盐摘要', en: 'private: a salted digest on the chain' },
  open: { zh: '单位代码：公开，明文上链', en: 'unit code: in clear on the chain' },
  add: { zh: '增加字段', en: 'Another field' },
  remove: { zh: '移除', en: 'Remove' },
  scope: { zh: '适用范围', en: 'Good in' },
  national: { zh: '全国', en: 'the whole country' },
  regional: { zh: '部分地区', en: 'some regions' },
  regions: {
    zh: '地区代码前缀（GB/T 2260，2、4 或 6 位）',
    en: 'Prefixes of region codes (GB/T 2260: 2, 4 or 6 digits)',
  },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  submit: { zh: '登记类型', en: 'Record the type' },
} as const;

interface TypeValues {
  readonly number: string;
  readonly kind: LicenseKind;
  readonly fields: readonly { readonly name: string; readonly privacy: 'private' | 'unit-code' }[];
  readonly authorities: readonly AuthorityValues[];
  readonly scope: 'national' | 'regional';
  readonly regions?: readonly string[];
}

interface Properties {
  readonly who: Who;
  /** The type that is defined again; a new one without it. */
  readonly revised: LicenseType | undefined;
  readonly onDone: (typeCode: string) => void;
}

/** Defines a type of licences, or revises one of the own unit. */
export function TypeForm({ who, revised, onDone }: Properties) {
  const w = useWords(WORDS);
  const [form] = Form.useForm<TypeValues>();
  useErrorsInLanguage(form);
  const act = useEntry<TypeValues, Answers['defineLicenseType']>(
    (values) => ({ path: pathOf('license-types'), body: bodyOf(values, who) }),
    ({ stored }) => {
      form.resetFields();
      onDone(stored.typeCode);
    },
  );
  const title = revised === undefined ? w.define : w.revise;
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <Form<TypeValues>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={revised === undefined ? newType(who) : valuesOf(revised)}
        onFinish={(values) => void act.run(values)}
      >
        <div className="desk-form">
          <Form.Item
            name="number"
            label={fill(w.number, { unit: who.unit })}
            rules={[{ required: true, pattern: /^\d{3}$/, message: w.numberWrong }]}
          >
            <Input className="mono" autoComplete="off" maxLength={3} disabled={revised !== undefined} />
          </Form.Item>
          <Form.Item name="kind" label={w.kind} rules={[{ required: true, message: w.required }]}>
            <WordSelect words={LICENSE_KINDS} wording={LICENSE_KIND_WORDING} />
          </Form.Item>
        </div>
        <FieldItems />
        <AuthorityItems />
        <ScopeItems />
        {act.problem !== undefined && <ProblemAlert error={act.problem} />}
        <Button type="primary" htmlType="submit" loading={act.running}>
          {w.submit}
        </Button>
      </Form>
    </section>
  );
}

/** Names that types usually have are proposed. */
function KnownFields() {
  const say = useSay();
  return (
    <datalist id="known-fields">
      {Object.entries(FIELD_NAMES).map(([name, wording]) => (
        <option key={name} value={name} label={say(wording)} />
      ))}
    </datalist>
  );
}

function FieldItems() {
  const w = useWords(WORDS);
  const privacies = [
    { value: 'private', label: w.private },
    { value: 'unit-code', label: w.open },
  ];
  return (
    <fieldset className="desk-set">
      <legend>{w.fields}</legend>
      <KnownFields />
      <Form.List name="fields">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div className="type-row" key={key}>
                <Form.Item
                  name={[name, 'name']}
                  label={w.field}
                  rules={[
                    ({ getFieldValue }) => ({
                      validator: (_, text: string = '') =>
                        isNewName(text, getFieldValue('fields') as TypeValues['fields'])
                          ? Promise.resolve()
                          : Promise.reject(new Error(w.fieldWrong)),
                    }),
                  ]}
                >
                  <Input className="mono" autoComplete="off" maxLength={40} list="known-fields" />
                </Form.Item>
                <Form.Item name={[name, 'privacy']} label={w.privacy}>
                  <Select options={privacies} />
                </Form.Item>
                <Button
                  disabled={rows.length === 1}
                  onClick={() => {
                    remove(name);
                  }}
                >
                  {w.remove}
                </Button>
              </div>
            ))}
            <Button
              className="block"
              onClick={() => {
                add({ privacy: 'private' });
              }}
            >
              {w.add}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

function ScopeItems() {
  const w = useWords(WORDS);
  const scope = Form.useWatch<TypeValues['scope']>('scope');
  return (
    <>
      <Form.Item name="scope" label={w.scope}>
        <Radio.Group
          options={[
            { value: 'national', label: w.national },
            { value: 'regional', label: w.regional },
          ]}
        />
      </Form.Item>
      {scope === 'regional' && (
        <Form.Item name="regions" label={w.regions} rules={[{ required: true, message: w.required }]}>
          <Select mode="tags" open={false} suffix={null} tokenSeparators={[',', '，', ' ']} />
        </Form.Item>
      )}
    </>
  );
}

function isNewName(text: string, all: TypeValues['fields']): boolean {
  return /^[a-z][A-Za-z]{1,39}$/.test(text) && all.filter(({ name }) => name === text).length === 1;
}

function newType(who: Who): Partial<TypeValues> {
  return {
    fields: [
      { name: 'certificateNumber', privacy: 'private' },
      { name: 'holderName', privacy: 'private' },
    ],
    authorities: [{ mspId: who.organisation, unit: who.unit }],
    scope: 'national',
  };
}

function valuesOf({ typeCode, kind, fields, authorities, scope }: LicenseType): TypeValues {
  return {
    number: typeCode.slice(-3),
    kind,
    fields: Object.entries(fields).map(([name, privacy]) => ({ name, privacy })),
    authorities: authorities.map(({ mspId, unit, superior }) => ({
      ...{ mspId, unit },
      ...optional('superiorMsp', superior?.mspId),
      ...optional('superiorUnit', superior?.unit),
    })),
    scope: scope.kind,
    ...optional('regions', scope.regions),
  };
}

function bodyOf(values: TypeValues, who: Who): Bodies['defineLicenseType'] {
  const { number, kind, fields, authorities, scope, regions = [] } = values;
  return {
    typeCode: `${who.unit}${number}`,
    kind,
    fields: Object.fromEntries(fields.map(({ name, privacy }) => [name, privacy])),
    authorities: authorities.map(({ mspId, unit, superiorMsp, superiorUnit = '' }) => ({
      ...{ mspId, unit: codeOf(unit) },
      ...(superiorUnit !== '' && { superior: { mspId: superiorMsp ?? mspId, unit: codeOf(superiorUnit) } }),
    })),
    scope: scope === 'national' ? { kind: scope } : { kind: scope, regions },
  };
}
