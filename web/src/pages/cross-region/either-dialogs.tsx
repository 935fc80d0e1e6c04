import { Alert, Form } from 'antd';

import { ATTESTATION_GROUND_WORDING, PURGE_GROUND_WORDING } from '../../../../domain/attestation-wording.js';
import {
  ATTESTATION_GROUNDS,
  type AttestationGround,
  PURGE_GROUNDS,
  type PurgeGround,
} from '../../../../domain/attestation-words.js';
import { optional } from '../../../../domain/fields.js';
import { pathOf } from '../../api/client.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { useWords } from '../../words/words.js';
import { type DialogProperties } from './steps.js';

const WORDS = {
  object: { zh: '对核验提出异议', en: 'Object to the attestation' },
  ground: { zh: '异议理由', en: 'Ground' },
  detail: { zh: '异议书（可选，只登记加盐哈希值）', en: 'Written reasons (optional, salted digest only)' },
  purge: { zh: '删除内容', en: 'Delete payloads' },
  purgeGround: { zh: '删除理由', en: 'Why' },
  purgeWarning: {
    zh: '两地机构保存的当事人信息和告知字段将从所有节点删除，不能恢复；链上哈希值保留。',
    en: 'Whom it concerned and the values told are deleted from every peer of both organisations, for good; the digests stay.',
  },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

/** 异议; until it is resolved the attestation is not to be used. */
export function ObjectDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly ground: AttestationGround; readonly detail?: File }>(
    async ({ ground, detail }, salting) => {
      const salted = detail && (await salting.file(detail));
      const body = { ground, ...optional('detailDigest', salted?.digest) };
      return { path: pathOf('attestations', record.id, 'objections'), body, ...optional('salted', salted) };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  return (
    <FormDialog title={w.object} confirm={w.object} act={act} onClose={onClose} danger>
      <Form.Item name="ground" label={w.ground} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={ATTESTATION_GROUNDS} wording={ATTESTATION_GROUND_WORDING} />
      </Form.Item>
      <Form.Item name="detail" label={w.detail}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}

/** Has the private payloads forgotten. */
export function PurgeDialog({ record, onClose, onWritten }: DialogProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly ground: PurgeGround }>(
    (body) => ({ path: pathOf('attestations', record.id, 'purge'), body }),
    () => {
      onWritten(undefined);
    },
  );
  return (
    <FormDialog title={w.purge} confirm={w.purge} act={act} onClose={onClose} danger>
      <Alert className="block" type="warning" showIcon title={w.purgeWarning} />
      <Form.Item name="ground" label={w.purgeGround} rules={[{ required: true, message: w.required }]}>
        <WordSelect words={PURGE_GROUNDS} wording={PURGE_GROUND_WORDING} />
      </Form.Item>
    </FormDialog>
  );
}
