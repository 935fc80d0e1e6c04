import { Button, Form, Tag } from 'antd';
import { useState } from 'react';

import { ATTESTATION_GROUND_WORDING, RESOLUTION_WORDING } from '../../../../domain/attestation-wording.js';
import { type Resolution, RESOLUTIONS } from '../../../../domain/attestation-words.js';
import { type Attestation, type AttestationObjection } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { FileField } from '../../desk/file-field.js';
import { FormDialog } from '../../desk/form-dialog.js';
import { type Salted } from '../../desk/salted.js';
import { useEntry } from '../../desk/use-entry.js';
import { WordSelect } from '../../desk/word-select.js';
import { type Who } from '../../session/who.js';
import { timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { useSay, useWords } from '../../words/words.js';
import { resolvesObjections } from './steps.js';

const WORDS = {
  title: { zh: '异议', en: 'Objections' },
  open: { zh: '待处理', en: 'open' },
  resolve: { zh: '处理异议', en: 'Resolve' },
  resolution: { zh: '处理结果', en: 'Resolution' },
  document: { zh: '书面答复（只登记加盐哈希值）', en: 'Written answer (salted digest only)' },
  required: { zh: '请填写此项', en: 'Please fill this in' },
} as const;

interface Properties {
  readonly objections: readonly AttestationObjection[];
  readonly record: Attestation;
  readonly who: Who;
  readonly onWritten: (salted: Salted | undefined) => void;
}

/** Objections and what became of them; the answering unit resolves. */
export function ObjectionRows({ objections, record, who, onWritten }: Properties) {
  const w = useWords(WORDS);
  const say = useSay();
  const [resolving, setResolving] = useState<AttestationObjection>();
  const answering = resolvesObjections(record, who);
  const placeOf = usePlace();
  if (objections.length === 0) return null;
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <ul className="desk-list">
        {objections.map((objection) => (
          <li key={objection.id}>
            <div className="desk-line">
              <span>{say(ATTESTATION_GROUND_WORDING[objection.ground])}</span>
              <Tag color={objection.resolution === undefined ? 'warning' : 'default'}>
                {objection.resolution === undefined ? w.open : say(RESOLUTION_WORDING[objection.resolution.resolution])}
              </Tag>
            </div>
            <div className="desk-line hint">
              <span>{timeOf(objection.txTime)}</span>
              <span>{placeOf(objection.by)}</span>
            </div>
            {answering && objection.resolution === undefined && (
              <Button
                onClick={() => {
                  setResolving(objection);
                }}
              >
                {w.resolve}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {resolving !== undefined && (
        <ResolveDialog
          objection={resolving}
          onClose={() => {
            setResolving(undefined);
          }}
          onWritten={(salted) => {
            setResolving(undefined);
            onWritten(salted);
          }}
        />
      )}
    </section>
  );
}

interface ResolveProperties {
  readonly objection: AttestationObjection;
  readonly onClose: () => void;
  readonly onWritten: (salted: Salted | undefined) => void;
}

function ResolveDialog({ objection, onClose, onWritten }: ResolveProperties) {
  const w = useWords(WORDS);
  const act = useEntry<{ readonly resolution: Resolution; readonly document: File }>(
    async ({ resolution, document }, salting) => {
      const salted = await salting.file(document);
      const path = pathOf('attestations', objection.attestationId, 'objections', objection.id, 'resolution');
      return { path, body: { resolution, documentDigest: salted.digest }, salted };
    },
    (_, salted) => {
      onWritten(salted);
    },
  );
  const rules = [{ required: true, message: w.required }];
  return (
    <FormDialog title={w.resolve} confirm={w.resolve} act={act} onClose={onClose}>
      <Form.Item name="resolution" label={w.resolution} rules={rules}>
        <WordSelect words={RESOLUTIONS} wording={RESOLUTION_WORDING} />
      </Form.Item>
      <Form.Item name="document" label={w.document} rules={rules}>
        <FileField />
      </Form.Item>
    </FormDialog>
  );
}
