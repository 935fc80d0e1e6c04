import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { type LicenseType } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { type Who } from '../../session/who.js';
import { useWords } from '../../words/words.js';
import { readType } from '../licence/licence-status.js';
import { TypeQuestion } from './issue-panel.js';
import { TypeFacts } from './type-facts.js';
import { TypeForm } from './type-form.js';

const WORDS = {
  issue: { zh: '颁发此类证照', en: 'Issue one' },
  revise: { zh: '修订此类型', en: 'Revise it' },
} as const;

/** The catalogue of types: look one up, define one, revise one's own. */
export function TypesPanel({ who }: { readonly who: Who }) {
  const client = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const [revised, setRevised] = useState<LicenseType>();
  const code = parameters.get('type') ?? '';
  const show = (type: string): void => {
    setParameters({ type });
  };
  return (
    <>
      <TypeQuestion key={`question ${code}`} code={code} onCode={show} />
      {code !== '' && <OneType code={code} who={who} onRevise={setRevised} />}
      <TypeForm
        key={`form ${revised?.typeCode ?? ''}`}
        who={who}
        revised={revised}
        onDone={(type) => {
          void client.invalidateQueries({ queryKey: ['type'] });
          void client.invalidateQueries({ queryKey: ['own-types'] });
          setRevised(undefined);
          show(type);
        }}
      />
    </>
  );
}

interface OneProperties {
  readonly code: string;
  readonly who: Who;
  readonly onRevise: (type: LicenseType) => void;
}

function OneType({ code, who, onRevise }: OneProperties) {
  const w = useWords(WORDS);
  const type = useQuery({ queryKey: ['type', code], queryFn: () => readType(code) });
  if (type.isPending) return <Skeleton active />;
  if (type.isError) return <ProblemAlert error={type.error} retry={() => void type.refetch()} />;
  const { definedBy } = type.data;
  const own = definedBy.mspId === who.organisation && definedBy.unit === who.unit;
  return (
    <TypeFacts type={type.data}>
      <div className="desk-bar">
        <Link to={`/issuing?type=${encodeURIComponent(code)}`}>{w.issue}</Link>
        {own && (
          <Button
            onClick={() => {
              onRevise(type.data);
            }}
          >
            {w.revise}
          </Button>
        )}
      </div>
    </TypeFacts>
  );
}
