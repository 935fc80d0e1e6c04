import { type UseQueryResult } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useState } from 'react';

import { type LicenseId } from '../../../../domain/license-id.js';
import { type FieldsAnswer, type FieldsKept } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { Problem } from '../../api/problem.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { newRequestId } from '../../desk/random.js';
import { useSession } from '../../session/session.js';
import { FileButton } from '../../ui/file-button.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { useFieldName } from '../../words/field-names.js';
import { useWords } from '../../words/words.js';
import { readValuesFile, VALUES_CHARS_MAX } from '../licence/values-file.js';
import { ValuesHandOver } from './delivery-card.js';

const WORDS = {
  title: { zh: '本机构保存的照面内容', en: 'Content that the organisation keeps' },
  none: {
    zh: '没有保存。颁发时没有存成的，可从当时保存的照面文件补存。',
    en: 'Nothing is kept. Where that failed at issue, it can be made good from the file that was saved then.',
  },
  restore: { zh: '从照面文件补存', en: 'Keep it from the file' },
  purged: { zh: '已按请求删除，链上摘要和状态保留。', en: 'Deleted on request; digests and status stay.' },
  notOurs: {
    zh: '照面内容由颁发机构保存，其他机构的上级机关看不到。',
    en: 'The issuing organisation keeps it; a superior of another one does not see it.',
  },
  strange: { zh: '这不是这张证照的照面文件。', en: 'This is no file of this licence.' },
  hand: { zh: '持证人丢失照面文件的，可再次交给他：', en: 'A holder who lost the file gets it again:' },
  purge: { zh: '删除照面内容', en: 'Delete the content' },
} as const;

interface Properties {
  readonly id: LicenseId;
  readonly values: UseQueryResult<FieldsAnswer>;
  readonly onPurge: () => void;
}

/** The private values that the own organisation keeps of a version. */
export function ValuesPanel({ id, values, onPurge }: Properties) {
  const w = useWords(WORDS);
  const nameOf = useFieldName();
  const kept = Object.entries(values.data?.values ?? {});
  return (
    <section className="panel" aria-label={w.title} aria-busy={values.isPending}>
      <h2>{w.title}</h2>
      {values.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
      {values.isError && <NoValues error={values.error} again={() => void values.refetch()} />}
      {values.isSuccess && kept.length === 0 && <Restore id={id} onKept={() => void values.refetch()} />}
      {values.isSuccess && kept.length > 0 && (
        <>
          <Facts facts={kept.map(([name, { value }]): Fact => [nameOf(name), value])} />
          <p className="hint">{w.hand}</p>
          <ValuesHandOver file={{ licenseId: id, values: values.data.values }} />
          <Button danger onClick={onPurge}>
            {w.purge}
          </Button>
        </>
      )}
    </section>
  );
}

function NoValues({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const w = useWords(WORDS);
  if (!(error instanceof Problem)) throw error;
  if (error.code === 'LICENSE_PURGED') return <Alert type="info" showIcon title={w.purged} />;
  if (error.code === 'LICENSE_AUTHORITY') return <p className="hint">{w.notOurs}</p>;
  return <ProblemAlert error={error} retry={again} />;
}

/** Makes good what was not kept at issue. */
function Restore({ id, onKept }: { readonly id: LicenseId; readonly onKept: () => void }) {
  const w = useWords(WORDS);
  const { json } = useSession();
  const [strange, setStrange] = useState(false);
  const [idempotencyKey] = useState(newRequestId);
  const act = useAct(async (file: File) => {
    const found = file.size > VALUES_CHARS_MAX ? undefined : readValuesFile(await file.text());
    setStrange(found?.licenseId !== id);
    if (found?.licenseId !== id) return;
    const { values } = found;
    await json<FieldsKept>({
      method: 'POST',
      path: pathOf('licenses', id, 'fields'),
      body: { values },
      idempotencyKey,
    });
    onKept();
  });
  return (
    <>
      <p>{w.none}</p>
      <FileButton
        label={w.restore}
        accept=".json,application/json"
        onFiles={([file]) => void (file && act.run(file))}
      />
      {strange && <Alert className="block" role="alert" type="warning" showIcon title={w.strange} />}
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}
