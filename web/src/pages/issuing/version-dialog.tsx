import { Alert, Form, Modal } from 'antd';

import { optional } from '../../../../domain/fields.js';
import { type SaltedValues } from '../../../../domain/license-fields.js';
import { type Face, type LicenseType } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { useErrorsInLanguage } from '../../desk/use-errors-in-language.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useFocusReturn } from '../../ui/use-focus-return.js';
import { useSay, useWords } from '../../words/words.js';
import { FaceItems } from './face-items.js';
import { type FaceValues, makeFace } from './face.js';
import { type DialogProperties } from './operation-dialog.js';
import { type OperationEntry } from './operations.js';
import { type Delivering } from './use-delivery.js';

const WORDS = {
  noValues: {
    zh: '本机构没有现版本的照面内容（已删除，或由其他机构保存），请全部重新填写。',
    en: 'The organisation does not have the present content (deleted, or kept elsewhere): enter all of it.',
  },
} as const;

interface Properties extends Pick<DialogProperties, 'id' | 'onClose'> {
  readonly entry: OperationEntry;
  readonly type: LicenseType;
  /** The face of the present version. */
  readonly face: Face | undefined;
  /** The values that the own organisation keeps of it; those that stay the same keep their salts. */
  readonly values: SaltedValues | undefined;
  readonly delivering: Delivering;
}

/** 变更 and 延续: the next version of a licence. */
export function VersionDialog({ id, entry, type, face, values, delivering, onClose }: Properties) {
  const w = useWords(WORDS);
  const say = useSay();
  const [form] = Form.useForm<FaceValues>();
  useErrorsInLanguage(form);
  useFocusReturn();
  const { act } = delivering;
  const submit = (given: FaceValues): Promise<boolean> =>
    act.run(async () => {
      const made = await makeFace(given, values);
      const { operation } = entry;
      const path = pathOf('licenses', id, 'operations');
      return { sent: { path, body: { operation, face: made.face } }, values: made.values };
    });
  return (
    <Modal
      open={delivering.delivery === undefined}
      width="min(56rem, 100vw)"
      title={say(entry.name)}
      okText={say(entry.name)}
      okButtonProps={{ loading: act.running }}
      onOk={form.submit}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Alert className="block" type="info" showIcon title={say(entry.about)} />
      {values === undefined && <Alert className="block" type="warning" showIcon title={w.noValues} />}
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      <Form<FaceValues>
        form={form}
        layout="vertical"
        initialValues={before(face, values)}
        onFinish={(given) => void submit(given)}
      >
        <FaceItems type={type} />
      </Form>
    </Modal>
  );
}

function before(face: Face | undefined, values: SaltedValues = {}): Partial<FaceValues> {
  return {
    ...optional('validFrom', face?.validFrom),
    ...optional('validTo', face?.validTo),
    unitCodes: face?.unitCodes ?? {},
    fields: Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value])),
  };
}
