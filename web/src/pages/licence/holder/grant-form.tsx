import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useRef, useState } from 'react';

import { parseRequestId } from '../../../../../domain/ids.js';
import { parseAuthorityUnit } from '../../../../../domain/license-type.js';
import { GRANT_MODE_WORDING, PURPOSE_WORDING } from '../../../../../domain/license-use-wording.js';
import {
  GRANT_MODES,
  GRANT_USES_MAX,
  type GrantMode,
  type GrantStatement,
  parseMatterCode,
  type Signed,
  USE_PURPOSES,
  type UsePurpose,
} from '../../../../../domain/license-use.js';
import { DomainError } from '../../../../../domain/errors.js';
import { type Network } from '../../../../../gateway/openapi/types.js';
import { callJson } from '../../../api/client.js';
import { Problem } from '../../../api/problem.js';
import { ProblemAlert } from '../../../api/problem-alert.js';
import { useAct } from '../../../api/use-act.js';
import { useErrorsInLanguage } from '../../../desk/use-errors-in-language.js';
import { useFieldName } from '../../../words/field-names.js';
import { useOrganisation } from '../../../ui/use-organisation.js';
import { useSay, useWords } from '../../../words/words.js';
import { type Issued } from './held-card.js';
import { sendGrant } from './holder-calls.js';
import { saltText, signStatement } from './holder-key.js';
import { type KnownGrant } from './key-store.js';
import { WORDS } from './words.js';

const HOUR_MS = 3_600_000;
const HOURS_MAX = 366 * 24 - 1;
const PURPOSE_CHARS_MAX = 200;
/** A grant begins a little earlier: the receiver's clock may be behind. */
const EARLIER_MS = 60_000;

/** The form's values. */
interface Wanted {
  readonly mspId: string;
  readonly unit: string;
  readonly matterCode: string;
  readonly purpose: UsePurpose;
  readonly purposeText: string;
  readonly fields?: readonly string[];
  readonly uses: number;
  readonly hours: number;
  readonly mode: GrantMode;
}

interface Properties {
  readonly licence: Issued;
  readonly onGranted: (grant: KnownGrant) => Promise<void>;
}

/** Grants one unit, for one matter, what the holder chooses; signed here. */
export function GrantForm({ licence, onGranted }: Properties) {
  const w = useWords(WORDS);
  const [done, setDone] = useState(false);
  const [form] = Form.useForm<Wanted>();
  useErrorsInLanguage(form);
  // What was signed for the form as it stands: sent again after a failure it is the same grant, not a second one.
  const signed = useRef<{ sent: Signed<GrantStatement>; purpose: KnownGrant['purpose'] }>(undefined);
  const act = useAct(async (wanted: Wanted) => {
    signed.current ??= await signWanted(licence, wanted);
    const { sent, purpose } = signed.current;
    const id = await sendGrant(sent);
    await onGranted({ id, statement: sent.statement, purpose });
    signed.current = undefined;
    form.resetFields();
    setDone(true);
  });
  return (
    <section className="licence-card">
      <h2>{w.grant}</h2>
      <Form<Wanted>
        form={form}
        layout="vertical"
        initialValues={{ uses: 1, hours: 1, mode: 'present' }}
        onValuesChange={() => {
          signed.current = undefined;
          act.clear();
          setDone(false);
        }}
        onFinish={(wanted) => void act.run(wanted)}
      >
        <Receiver />
        <Terms names={Object.keys(licence.values)} />
        {act.problem !== undefined && <ProblemAlert error={act.problem} />}
        {done && <Alert className="block" role="status" type="success" showIcon title={w.granted} />}
        <Button type="primary" htmlType="submit" loading={act.running}>
          {w.submit}
        </Button>
      </Form>
    </section>
  );
}

function Receiver() {
  const w = useWords(WORDS);
  const say = useSay();
  const network = useQuery({
    queryKey: ['network'],
    queryFn: () => callJson<Network>({ path: '/v1/network' }),
  });
  const nameOf = useOrganisation();
  const organisations = network.data?.organisations ?? [];
  return (
    <>
      <Form.Item name="mspId" label={w.verifierOrg} rules={[{ required: true }]}>
        <Select options={organisations.map((value) => ({ value, label: nameOf(value) }))} />
      </Form.Item>
      <Form.Item name="unit" label={w.verifierUnit} rules={[{ required: true }]}>
        <Input autoComplete="off" spellCheck={false} maxLength={18} />
      </Form.Item>
      <Form.Item name="matterCode" label={w.matter} extra={w.matterHint} rules={[{ required: true }]}>
        <Input autoComplete="off" spellCheck={false} maxLength={31} />
      </Form.Item>
      <Form.Item name="purpose" label={w.purpose} rules={[{ required: true }]}>
        <Select options={USE_PURPOSES.map((value) => ({ value, label: say(PURPOSE_WORDING[value]) }))} />
      </Form.Item>
    </>
  );
}

function Terms({ names }: { readonly names: readonly string[] }) {
  const w = useWords(WORDS);
  const say = useSay();
  const labelOf = useFieldName();
  return (
    <>
      <Form.Item
        name="purposeText"
        label={w.purposeText}
        extra={w.purposeHint}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input.TextArea maxLength={PURPOSE_CHARS_MAX} rows={2} />
      </Form.Item>
      {names.length > 0 && (
        <Form.Item name="fields" label={w.fields}>
          <Checkbox.Group options={names.map((value) => ({ value, label: labelOf(value) }))} />
        </Form.Item>
      )}
      <div className="row">
        <Form.Item name="uses" label={w.uses} rules={[{ required: true }]}>
          <InputNumber min={1} max={GRANT_USES_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="hours" label={w.hours} rules={[{ required: true }]}>
          <InputNumber min={1} max={HOURS_MAX} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="mode" label={w.mode}>
        <Radio.Group options={GRANT_MODES.map((value) => ({ value, label: say(GRANT_MODE_WORDING[value]) }))} />
      </Form.Item>
    </>
  );
}

/** @throws {Problem} the first of the form's values that does not fit, before anything is sent */
async function signWanted(licence: Issued, wanted: Wanted) {
  const { licenseId } = licence;
  const { digest, salt } = await saltText(wanted.purposeText);
  const nowMs = Date.now();
  try {
    const statement: GrantStatement = {
      kind: 'license.grant',
      licenseId,
      verifier: parseAuthorityUnit({ mspId: wanted.mspId, unit: wanted.unit.trim().toUpperCase() }, 'verifier'),
      matterCode: parseMatterCode(wanted.matterCode.trim().toUpperCase()),
      purpose: wanted.purpose,
      purposeDigest: digest,
      fields: [...(wanted.fields ?? [])].sort((a, b) => (a < b ? -1 : 1)), // ASCII letters only.
      notBefore: new Date(nowMs - EARLIER_MS).toISOString(),
      notAfter: new Date(nowMs + wanted.hours * HOUR_MS).toISOString(),
      maxUses: wanted.uses,
      mode: wanted.mode,
      nonce: parseRequestId(crypto.randomUUID()),
    };
    const sent = await signStatement(licence, statement);
    return { sent, purpose: { text: wanted.purposeText.trim(), salt } };
  } catch (error) {
    if (error instanceof DomainError) throw new Problem(error.code, error.details, { cause: error });
    throw error;
  }
}
