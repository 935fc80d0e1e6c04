import { type ReactNode } from 'react';

import { capital } from '../words/words.js';

/** One fact: its name and its value; values are texts, whoever wrote them. */
export type Fact = readonly [name: string, value: ReactNode];

/** Names and values, one beside the other, below each other on a phone. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{capital(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
