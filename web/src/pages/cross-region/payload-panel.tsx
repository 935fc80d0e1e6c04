import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';

import { type Wording } from '../../../../domain/wording.js';
import { type Attestation, type Payloads, type PayloadReading } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { isOwnUnit } from '../../desk/own-unit.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { useFieldName } from '../../words/field-names.js';
import { capital, useSay, useWords } from '../../words/words.js';
import { NUMBER_TYPES } from './number-types.js';

const WORDS = {
  title: { zh: '只有两地机构可见的内容', en: 'For the two organisations alone' },
  subject: { zh: '核验对象', en: 'Whom it is about' },
  answer: { zh: '告知的字段', en: 'Values told' },
  reason: { zh: '拒绝说明', en: 'Reason in words' },
  type: { zh: '证件类型', en: 'Type of number' },
  number: { zh: '证件号码', en: 'Number' },
  name: { zh: '姓名或名称', en: 'Name' },
  purpose: { zh: '用途说明', en: 'Purpose' },
  text: { zh: '说明', en: 'Words' },
} as const;

interface Properties {
  readonly id: string;
  readonly record: Attestation;
  readonly who: Who;
}

/** The private parts as the own peer holds them, each with whether it is what was recorded. */
export function PayloadPanel({ id, record, who }: Properties) {
  const w = useWords(WORDS);
  const say = useSay();
  const nameOf = useFieldName();
  const { json } = useSession();
  const party = isOwnUnit(record.item, who) || isOwnUnit(record.requester, who);
  const payloads = useQuery({
    queryKey: ['attestation', id, 'payloads'],
    queryFn: () =>
      json<Payloads>({
        path: pathOf('attestations', id, 'payloads'),
      }),
    enabled: party,
    gcTime: 0,
  });
  if (!party) return null;
  const names: Readonly<Record<PayloadReading['part'], string>> = {
    subject: w.subject,
    answer: w.answer,
    reason: w.reason,
  };
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      {payloads.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {payloads.isError && <ProblemAlert error={payloads.error} retry={() => void payloads.refetch()} />}
      {payloads.data?.payloads.map((reading) => (
        <div key={reading.part}>
          <h3>{names[reading.part]}</h3>
          <Facts facts={factsOf(reading, { w, say, nameOf })} />
          <p className={reading.verdict === 'ALTERED' ? 'desk-late' : 'hint'}>{capital(say(reading.wording))}</p>
        </div>
      ))}
    </section>
  );
}

interface Speech {
  readonly w: Readonly<Record<keyof typeof WORDS, string>>;
  readonly say: (wording: Wording) => string;
  readonly nameOf: (field: string) => string;
}

function factsOf({ payload }: PayloadReading, { w, say, nameOf }: Speech): readonly Fact[] {
  const named = (values: Readonly<Record<string, string>>): readonly Fact[] =>
    Object.entries(values).map(([name, value]) => [nameOf(name), value]);
  switch (payload?.schema) {
    case undefined:
      return [];
    case 'attestation-subject/1': {
      const { numberType, number, name, purpose, claims = {} } = payload;
      const called: readonly Fact[] = name === undefined ? [] : [[w.name, name]];
      const type = Object.hasOwn(NUMBER_TYPES, numberType) ? NUMBER_TYPES[numberType] : undefined;
      return [
        [w.type, type === undefined ? numberType : say(type)],
        [w.number, number],
        ...called,
        [w.purpose, purpose],
        ...named(claims),
      ];
    }
    case 'attestation-answer/1':
      return named(payload.fields);
    case 'attestation-reason/1':
      return [[w.text, payload.text]];
  }
}
