import { Alert, Button, Form, type FormInstance, Input, Radio } from 'antd';
import { useState } from 'react';

import { type Day, dayAt } from '../../../../domain/calendar.js';
import { DomainError } from '../../../../domain/errors.js';
import { optional } from '../../../../domain/fields.js';
import { type HolderKey } from '../../../../domain/holder-key.js';
import {
  formatLicenseId,
  type LicenseId,
  parseIssuerCode,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../../../../domain/license-id.js';
import { type AttestationView, type LicenseType, type TransferSource } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { useErrorsInLanguage } from '../../desk/use-errors-in-language.js';
import { Problem } from '../../api/problem.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { randomHex } from '../../desk/random.js';
import { type Session, useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { fill, useWords } from '../../words/words.js';
import { type Wanted } from './delivery.js';
import { FaceItems } from './face-items.js';
import { type FaceValues, makeFace } from './face.js';
import { KeyItems, keysOf, type KeyValues } from './key-field.js';
import { type Delivering } from './use-delivery.js';

const WORDS = {
  title: { zh: '颁发证照', en: 'Issue a licence' },
  kind: { zh: '操作', en: 'How it comes' },
  new: { zh: '新发', en: 'New' },
  takeOver: { zh: '转入', en: 'Taken over' },
  serial: { zh: '流水号（7 至 32 位数字和大写字母）', en: 'Serial (7 to 32 digits and capital letters)' },
  serialWrong: {
    zh: '须为 7 至 32 位数字和大写字母，且不得含个人号码',
    en: '7 to 32 digits and capitals, and no number of a person',
  },
  id: { zh: '证照标识将为 {id}', en: 'The identifier will be {id}' },
  attestation: { zh: '对方机构同意转出的核验编号', en: "Number of the other organisation's attestation" },
  from: { zh: '或：本机构内转出的证照标识', en: 'or: the licence that was let go inside this organisation' },
  oneOf: { zh: '转入须填其中一项', en: 'Give one of the two' },
  notIssuer: {
    zh: '本单位（{unit}）不在该类型的颁发机关之列，合约会拒绝颁发。',
    en: 'This unit ({unit}) is no authority of the type; the contract will refuse.',
  },
  submit: { zh: '颁发', en: 'Issue' },
} as const;

interface IssueValues extends FaceValues, KeyValues {
  readonly operation: '01' | '08';
  readonly serial: string;
  readonly attestation?: string;
  readonly from?: string;
}

interface Properties {
  readonly type: LicenseType;
  readonly who: Who;
  readonly delivering: Delivering;
}

/** A licence of one type, for a holder's key. */
export function IssueForm({ type, who, delivering }: Properties) {
  const w = useWords(WORDS);
  const { json } = useSession();
  const [form] = Form.useForm<IssueValues>();
  useErrorsInLanguage(form);
  const [initial] = useState(newIssue);
  const { act } = delivering;
  const isIssuer = type.authorities.some(({ mspId, unit }) => mspId === who.organisation && unit === who.unit);
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {!isIssuer && <Alert className="block" type="warning" showIcon title={fill(w.notIssuer, { unit: who.unit })} />}
      <Form<IssueValues>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={initial}
        onFinish={(values) => void act.run(() => wantedOf(values, { type, who, json }))}
      >
        <Heading form={form} type={type} who={who} />
        <FaceItems type={type} />
        <KeyItems form={form} />
        {act.problem !== undefined && <ProblemAlert error={act.problem} />}
        <Button type="primary" size="large" htmlType="submit" loading={act.running}>
          {w.submit}
        </Button>
      </Form>
    </section>
  );
}

function Heading({ form, type, who }: Omit<Properties, 'delivering'> & { readonly form: FormInstance<IssueValues> }) {
  const w = useWords(WORDS);
  const serial = Form.useWatch('serial', form) as string | undefined; // Before the form is drawn there is none.
  const operation = Form.useWatch('operation', form);
  const id = serial === undefined ? undefined : idOf(type, who, serial);
  return (
    <>
      <Form.Item name="operation" label={w.kind}>
        <Radio.Group
          options={[
            { value: '01', label: w.new },
            { value: '08', label: w.takeOver },
          ]}
        />
      </Form.Item>
      {operation === '08' && <SourceItems />}
      <Form.Item
        name="serial"
        label={w.serial}
        extra={id === undefined ? undefined : <span className="mono">{fill(w.id, { id })}</span>}
        rules={[
          {
            required: true,
            validator: (_, text: string = '') =>
              isSerial(text) ? Promise.resolve() : Promise.reject(new Error(w.serialWrong)),
          },
        ]}
      >
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={40} />
      </Form.Item>
    </>
  );
}

function SourceItems() {
  const w = useWords(WORDS);
  return (
    <div className="desk-form">
      <Form.Item
        name="attestation"
        label={w.attestation}
        dependencies={['from']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, text: string = '') =>
              (text.trim() === '') === (String(getFieldValue('from') ?? '').trim() === '')
                ? Promise.reject(new Error(w.oneOf))
                : Promise.resolve(),
          }),
        ]}
      >
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={60} />
      </Form.Item>
      <Form.Item name="from" label={w.from}>
        <Input className="mono" autoComplete="off" spellCheck={false} maxLength={120} />
      </Form.Item>
    </div>
  );
}

/** @throws {Problem} the first of the form's values that does not fit, before anything is sent */
async function wantedOf(
  values: IssueValues,
  { type, who, json }: Omit<Properties, 'delivering'> & Pick<Session, 'json'>,
): Promise<Wanted> {
  const licenseId = idOf(type, who, values.serial);
  if (licenseId === undefined) throw new Problem('ID_MALFORMED');
  const transferredFrom = values.operation === '08' ? await sourceOf(values, json) : undefined;
  const made = await makeFace(values);
  const holder = keysOf(values);
  const transfer = transferredFrom === undefined ? {} : ({ operation: '08', transferredFrom } as const);
  return {
    sent: { path: pathOf('licenses'), body: { licenseId, face: made.face, holder, ...transfer } },
    values: made.values,
    holderKey: holder.key as HolderKey,
  };
}

/** 转入: the attestation itself names the licence that is let go, or its number as the chain knows it. */
async function sourceOf({ attestation = '', from = '' }: IssueValues, json: Session['json']): Promise<TransferSource> {
  const attestationId = attestation.trim();
  if (attestationId === '') return { licenseId: from.trim() };
  const { record } = await json<AttestationView>({ path: pathOf('attestations', attestationId) });
  const { licence, numberDigest } = record as { readonly licence?: string; readonly numberDigest?: string };
  if (licence !== undefined) return { licenseId: licence, attestationId };
  return { attestationId, ...optional('previousDigest', numberDigest) };
}

/** The identifier that a serial makes; `undefined` for what is none. The authority's code is the type's word for it. */
function idOf({ typeCode, authorities }: LicenseType, who: Who, serial: string): LicenseId | undefined {
  const own = authorities.find(({ mspId, unit }) => mspId === who.organisation && unit === who.unit);
  try {
    return formatLicenseId({
      typeCode: parseLicenseTypeCode(typeCode),
      issuerCode: parseIssuerCode(own?.code ?? who.unit, { legacy: true }),
      serial: parseLicenseSerial(serial.trim().toUpperCase()),
      version: 1,
    });
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function isSerial(text: string): boolean {
  try {
    parseLicenseSerial(text.trim().toUpperCase());
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Good from today, with a serial of the day and chance: nobody has to know the last one, and it is no person's number. */
function newIssue(): Partial<IssueValues> {
  const today: Day = dayAt(Date.now());
  return {
    operation: '01',
    serial: `${today.replaceAll('-', '')}N${randomHex(4).toUpperCase()}`,
    validFrom: today,
  };
}
