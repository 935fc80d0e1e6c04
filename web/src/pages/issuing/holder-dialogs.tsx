import { Alert, Form } from 'antd';

import { pathOf } from '../../api/client.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { useWords } from '../../words/words.js';
import { DOCUMENT_INITIAL, DocumentItems, type DocumentValues, saltDocument } from './document-items.js';
import { KeyItems, keysOf, type KeyValues } from './key-field.js';
import { type DialogProperties } from './operation-dialog.js';

const WORDS = {
  enrol: { zh: '登记持证人密钥', en: "Enrol the holder's keys" },
  enrolAbout: {
    zh: '密钥丢失、更换监护人时登记。以前的密钥立即失效；不填监护人的，由持证人自己办理。',
    en: 'After a loss, or when a guardian’s office begins or ends. Earlier keys act no more; without a guardian’s key the holder acts.',
  },
  refuse: { zh: '不予延续', en: 'Refuse the renewal' },
  refuseAbout: {
    zh: '须在最后一日届满前作出；逾期未作决定的，视为准予延续（行政许可法第五十条）。',
    en: 'Before the last day is over: silence until then has granted it.',
  },
  purge: { zh: '删除照面内容', en: 'Delete the content' },
  purgeAbout: {
    zh: '该版本的照面内容将从本机构所有节点删除，历史中也不再有，不能恢复。链上摘要和状态保留：持证人手中的照面文件仍可核对，但机关不能再提供内容。',
    en: 'The content of this version is deleted from every peer of the organisation, history included, for good. Digests and status stay: the holder’s file can still be compared, but the authority has nothing to give.',
  },
} as const;

/** 登记: the keys that act for the holder from now on. */
export function EnrolDialog({ id, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const [form] = Form.useForm<KeyValues>();
  const act = useEntry<KeyValues>(
    (values) => ({ path: pathOf('licenses', id, 'holder'), body: { holder: keysOf(values) } }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.enrol} confirm={w.enrol} act={act} onClose={onClose} form={form}>
      <Alert className="block" type="info" showIcon title={w.enrolAbout} />
      <KeyItems form={form} />
    </FormDialog>
  );
}

/** 不予延续, upon a written decision. */
export function RefuseRenewalDialog({ id, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<DocumentValues>(
    async (values, salting) => {
      const salted = await saltDocument(values, salting);
      const path = pathOf('licenses', id, 'renewal', 'refusal');
      return { path, body: { documentDigest: salted.digest }, salted };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  return (
    <FormDialog title={w.refuse} confirm={w.refuse} act={act} onClose={onClose} danger initial={DOCUMENT_INITIAL}>
      <Alert className="block" type="info" showIcon title={w.refuseAbout} />
      <DocumentItems />
    </FormDialog>
  );
}

/** 删除, on request; the digests stay. */
export function PurgeDialog({ id, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<object>(
    () => ({ path: pathOf('licenses', id, 'fields', 'purge'), body: {} }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.purge} confirm={w.purge} act={act} onClose={onClose} danger>
      <Alert className="block" type="warning" showIcon title={w.purgeAbout} />
    </FormDialog>
  );
}
