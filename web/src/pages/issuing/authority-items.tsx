import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';

import { isUnitCode } from '../../../../domain/unit-code.js';
import { type Network } from '../../../../gateway/openapi/types.js';
import { callJson } from '../../api/client.js';
import { useWords } from '../../words/words.js';
import { codeOf } from './face.js';

const WORDS = {
  title: { zh: '颁发机关', en: 'Issuing authorities' },
  org: { zh: '机构', en: 'Organisation' },
  unit: { zh: '单位代码', en: 'Unit code' },
  superiorOrg: { zh: '上级机关的机构（可选）', en: "Its superior's organisation (optional)" },
  superiorUnit: { zh: '上级机关的单位代码（可选）', en: "Its superior's unit code (optional)" },
  wrong: { zh: '须为 18 位统一社会信用代码', en: 'A unified social credit code has 18 characters' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
  add: { zh: '增加颁发机关', en: 'Another authority' },
  remove: { zh: '移除', en: 'Remove' },
} as const;

/** Form values of one authority. */
export interface AuthorityValues {
  readonly mspId: string;
  readonly unit: string;
  readonly superiorMsp?: string;
  readonly superiorUnit?: string;
}

/** Who issues licences of a type, and whose superior may change their status too. */
export function AuthorityItems() {
  const w = useWords(WORDS);
  return (
    <fieldset className="desk-set">
      <legend>{w.title}</legend>
      <Form.List name="authorities">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div className="type-row authority" key={key}>
                <UnitItems row={name} names={['mspId', 'unit']} labels={[w.org, w.unit]} required />
                <UnitItems
                  row={name}
                  names={['superiorMsp', 'superiorUnit']}
                  labels={[w.superiorOrg, w.superiorUnit]}
                />
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
                add({});
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

interface UnitProperties {
  /** Row of a list of the form; none in a form that asks for one unit. */
  readonly row?: number;
  readonly names: readonly [organisation: string, unit: string];
  readonly labels: readonly [organisation: string, unit: string];
  readonly required?: boolean;
}

/** A unit of an organisation of the channel. */
export function UnitItems({ row, names, labels, required = false }: UnitProperties) {
  const w = useWords(WORDS);
  const network = useQuery({ queryKey: ['network'], queryFn: () => callJson<Network>({ path: '/v1/network' }) });
  const options = network.data?.organisations.map((value) => ({ value, label: value })) ?? [];
  const at = (name: string): string | (string | number)[] => (row === undefined ? name : [row, name]);
  const check = (_: unknown, text: string = ''): Promise<void> =>
    (!required && text === '') || isUnitCode(codeOf(text)) ? Promise.resolve() : Promise.reject(new Error(w.wrong));
  return (
    <>
      <Form.Item name={at(names[0])} label={labels[0]} rules={[{ required, message: w.required }]}>
        <Select options={options} allowClear={!required} />
      </Form.Item>
      <Form.Item name={at(names[1])} label={labels[1]} required={required} rules={[{ validator: check }]}>
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={30} />
      </Form.Item>
    </>
  );
}
