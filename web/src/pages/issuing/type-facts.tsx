import { type ReactNode } from 'react';

import { type LicenseType } from '../../../../gateway/openapi/types.js';
import { Copyable } from '../../ui/copyable.js';
import { Facts } from '../../ui/facts.js';
import { useFieldName } from '../../words/field-names.js';
import { fill, useWords } from '../../words/words.js';
import { useTypeFacts } from '../licence/status-panel.js';
import { fieldsOf } from './face.js';

const WORDS = {
  title: { zh: '证照类型', en: 'Type of licence' },
  code: { zh: '类型代码', en: 'Code' },
  revision: { zh: '修订', en: 'Revision' },
  private: { zh: '照面字段（仅存摘要）', en: 'Private fields (digests alone)' },
  open: { zh: '公开的单位代码', en: 'Unit codes in clear' },
  superior: { zh: '上级机关', en: 'Superiors' },
  superiorOf: { zh: '{unit}（{org}）', en: '{unit} ({org})' },
  named: { zh: '{word}（{name}）', en: '{word} ({name})' },
  none: { zh: '无', en: 'none' },
  list: { zh: '、', en: ', ' },
} as const;

/** What the catalogue has about a type. */
export function TypeFacts({ type, children }: { readonly type: LicenseType; readonly children?: ReactNode }) {
  const w = useWords(WORDS);
  const nameOf = useFieldName();
  const names = (privacy: 'private' | 'unit-code'): string => {
    const found = fieldsOf(type, privacy).map((name) =>
      nameOf(name) === name ? name : fill(w.named, { word: nameOf(name), name }),
    );
    return found.length === 0 ? w.none : found.join(w.list);
  };
  const superiors = type.authorities.flatMap(({ superior }) =>
    superior === undefined ? [] : [fill(w.superiorOf, { unit: superior.unit, org: superior.mspId })],
  );
  return (
    <section className="panel" aria-label={w.title} data-type={type.typeCode}>
      <h2>{w.title}</h2>
      <Facts
        facts={[
          [w.code, <Copyable key="code" text={type.typeCode} what={w.code} />],
          ...useTypeFacts(type),
          [w.superior, superiors.length === 0 ? w.none : superiors.join(w.list)],
          [w.private, names('private')],
          [w.open, names('unit-code')],
          [w.revision, String(type.revision)],
        ]}
      />
      {children}
    </section>
  );
}
