import { Alert, Form, Input } from 'antd';

import { type LicenseId } from '../../../../domain/license-id.js';
import { pathOf } from '../../api/client.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { type Salted } from '../../desk/salted.js';
import { useEntry } from '../../desk/use-entry.js';
import { useSay, useWords } from '../../words/words.js';
import { UnitItems } from './authority-items.js';
import { DOCUMENT_INITIAL, DocumentItems, type DocumentValues, saltDocument } from './document-items.js';
import { codeOf } from './face.js';
import { type OperationEntry } from './operations.js';

const WORDS = {
  effective: { zh: '生效时间（北京时间，不填为现在）', en: 'Takes effect at (Beijing time; now without it)' },
  to: { zh: '转入机关的机构', en: 'Organisation that may take it over' },
  unit: { zh: '转入机关的单位代码', en: "That authority's unit code" },
} as const;

interface OperationValues extends Partial<DocumentValues> {
  readonly effective?: string;
  readonly mspId?: string;
  readonly unit?: string;
}

/** What every dialog about a licence is given. */
export interface DialogProperties {
  readonly id: LicenseId;
  readonly onClose: () => void;
  /** Told that it is recorded, and what is to be kept. */
  readonly onWritten: (salted: Salted | undefined) => void;
}

/** One operation on a licence that makes no new version. */
export function OperationDialog({
  id,
  entry,
  onClose,
  onWritten,
}: DialogProperties & { readonly entry: OperationEntry }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { operation, ending } = entry;
  const act = useEntry<OperationValues>(
    async (values, salting) => {
      const salted = entry.document ? await saltDocument({ ...DOCUMENT_INITIAL, ...values }, salting) : undefined;
      const { effective = '', mspId = '', unit = '' } = values;
      const body = {
        operation,
        ...(ending !== undefined && { ending }),
        ...(effective !== '' && { effectiveFrom: new Date(`${effective}+08:00`).toISOString() }),
        ...(salted !== undefined && { documentDigest: salted.digest }),
        ...(ending === '06' && { transferTo: { mspId, unit: codeOf(unit) } }),
      };
      const path = pathOf('licenses', id, 'operations');
      return { path, body, ...(salted !== undefined && { salted }) };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  return (
    <FormDialog
      title={say(entry.name)}
      confirm={say(entry.name)}
      act={act}
      onClose={onClose}
      danger={entry.danger}
      initial={DOCUMENT_INITIAL}
    >
      <Alert className="block" type={entry.danger ? 'warning' : 'info'} showIcon title={say(entry.about)} />
      {entry.document && <DocumentItems />}
      {ending === '06' && <UnitItems names={['mspId', 'unit']} labels={[w.to, w.unit]} required />}
      {entry.dated && (
        <Form.Item name="effective" label={w.effective}>
          <Input type="datetime-local" step={1} />
        </Form.Item>
      )}
    </FormDialog>
  );
}
