import { Alert, Button } from 'antd';

import { type Wording } from '../../../domain/wording.js';
import { capital, useSay, useWords } from '../words/words.js';
import { asProblem } from './problem.js';

const WORDS = {
  details: { zh: '技术信息', en: 'Technical details' },
  retry: { zh: '再试一次', en: 'Try again' },
  wanted: { zh: '应为', en: 'wanted' },
  where: { zh: '位置', en: 'where' },
  reason: { zh: '原因', en: 'reason' },
  requestId: { zh: '请求编号（报告问题时请附上）', en: 'request id, for a report' },
  txId: { zh: '交易', en: 'transaction' },
} as const satisfies Record<string, Wording>;

/** Members of a problem that help whoever looks into it. */
const FACTS: readonly string[] = ['wanted', 'where', 'reason', 'requestId', 'txId'];

interface Properties {
  /** A {@link Problem}; anything else is a bug and thrown. */
  readonly error: Error;
  /** Tries again; offered only where that may help. */
  readonly retry?: () => void;
}

/** A refusal in words that a clerk understands, its facts, and what to do. Texts only, whatever the gateway sent. */
export function ProblemAlert({ error, retry }: Properties) {
  const problem = asProblem(error);
  const say = useSay();
  const w = useWords(WORDS);
  // Who closed the sign-in may want it after all.
  const mayPass = problem.passes || problem.code === 'UNAUTHENTICATED';
  const facts = Object.entries(problem.details).filter(([name]) => FACTS.includes(name));
  return (
    <Alert
      className="block problem"
      role="alert"
      type={problem.passes ? 'warning' : 'error'}
      showIcon
      title={capital(say(problem.wording))}
      description={
        <>
          <code>{problem.code}</code>
          {facts.length > 0 && (
            <details>
              <summary>{w.details}</summary>
              {facts.map(([name, value]) => (
                <div key={name}>
                  {w[name as keyof typeof w]} <span className="mono">{String(value)}</span>
                </div>
              ))}
            </details>
          )}
          {retry !== undefined && mayPass && (
            <div>
              <Button onClick={retry}>{w.retry}</Button>
            </div>
          )}
        </>
      }
    />
  );
}
