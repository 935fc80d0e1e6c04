import { Button } from 'antd';
import { useState } from 'react';

import { fill, useWords } from '../../words/words.js';
import './audit.css';

const WORDS = {
  none: { zh: '没有', en: 'None' },
  all: { zh: '显示全部 {count} 行', en: 'Show all {count}' },
} as const;

/** Bars that are shown until somebody asks for all. */
const BARS_SHOWN = 12;

/** One bar, of parts that add up. */
export interface Bar {
  readonly name: string;
  readonly parts: readonly {
    readonly name: string;
    readonly value: number;
    readonly tone: 'good' | 'bad' | 'warn' | 'plain';
  }[];
}

/** Bars beside their figures; nothing is told by colour alone. */
export function BarChart({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const w = useWords(WORDS);
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      {bars.length === 0 && <p className="hint">{w.none}</p>}
      <dl>
        {(all ? bars : bars.slice(0, BARS_SHOWN)).map(({ name, parts }) => {
          const shown = parts.filter(({ value }) => value > 0);
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <svg viewBox={`0 0 ${most} 1`} preserveAspectRatio="none" aria-hidden focusable={false}>
                  {shown.map((part, index) => (
                    <rect
                      key={part.name}
                      className={part.tone}
                      x={shown.slice(0, index).reduce((sum, { value }) => sum + value, 0)}
                      width={part.value}
                      height={1}
                    />
                  ))}
                </svg>
                <span>{shown.map((part) => `${part.name} ${part.value}`).join(' · ')}</span>
              </dd>
            </div>
          );
        })}
      </dl>
      {!all && bars.length > BARS_SHOWN && (
        <Button
          size="small"
          onClick={() => {
            setAll(true);
          }}
        >
          {fill(w.all, { count: bars.length })}
        </Button>
      )}
    </figure>
  );
}
