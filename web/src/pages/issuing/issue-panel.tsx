import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Skeleton } from 'antd';
import { type SyntheticEvent, useState } from 'react';
import { useSearchParams } from 'react-router';

import { type DeskLicenseTypes } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { useWords } from '../../words/words.js';
import { readType } from '../licence/licence-status.js';
import { DeliveryCard } from './delivery-card.js';
import { IssueForm } from './issue-form.js';
import { TypeFacts } from './type-facts.js';
import { type Delivering, useDelivery } from './use-delivery.js';

const WORDS = {
  type: { zh: '选择证照类型', en: 'Choose a type' },
  code: { zh: '类型代码（定义机关代码加三位数字）', en: "Type (the defining unit's code and three digits)" },
  choose: { zh: '选择', en: 'Choose' },
} as const;

/** 颁发: the type stands in the address; what was issued last stands here until the next one. */
export function IssuePanel({ who }: { readonly who: Who }) {
  const client = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const [turn, setTurn] = useState(0);
  const code = parameters.get('type') ?? '';
  const delivering = useDelivery(who, () => void client.invalidateQueries({ queryKey: ['own-licences'] }));
  const next = (): void => {
    setTurn(turn + 1);
  };
  return (
    <>
      <DeliveryCard delivering={delivering} onEnd={next} />
      {/* What was entered stays, because a refusal sends people back to it. */}
      <div hidden={delivering.delivery !== undefined}>
        <TypeQuestion
          key={`question ${code}`}
          code={code}
          onCode={(type) => {
            setParameters({ type });
          }}
        />
        {code !== '' && <OfType key={`form ${code} ${turn}`} code={code} who={who} delivering={delivering} />}
      </div>
    </>
  );
}

function OfType({ code, ...more }: { readonly code: string; readonly who: Who; readonly delivering: Delivering }) {
  const type = useQuery({ queryKey: ['type', code], queryFn: () => readType(code) });
  if (type.isPending) return <Skeleton active />;
  if (type.isError) return <ProblemAlert error={type.error} retry={() => void type.refetch()} />;
  return (
    <>
      <TypeFacts type={type.data} />
      <IssueForm type={type.data} {...more} />
    </>
  );
}

/** Asks for a type; those of the own unit are proposed. */
export function TypeQuestion({ code, onCode }: { readonly code: string; readonly onCode: (code: string) => void }) {
  const w = useWords(WORDS);
  const { json } = useSession();
  const [text, setText] = useState(code);
  const own = useQuery({
    queryKey: ['own-types'],
    queryFn: () => json<DeskLicenseTypes>({ path: '/v1/desk/license-types' }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onCode(text.trim().toUpperCase());
  };
  return (
    <form className="panel" aria-label={w.type} onSubmit={submit}>
      <label htmlFor="type-code">{w.code}</label>
      <div className="row">
        <Input
          id="type-code"
          className="mono grow"
          value={text}
          list="own-types"
          autoComplete="off"
          spellCheck={false}
          maxLength={30}
          onChange={({ target }) => {
            setText(target.value);
          }}
        />
        <Button htmlType="submit" disabled={text.trim() === ''}>
          {w.choose}
        </Button>
      </div>
      <datalist id="own-types">
        {own.data?.typeCodes.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      {own.isError && <ProblemAlert error={own.error} retry={() => void own.refetch()} />}
    </form>
  );
}
