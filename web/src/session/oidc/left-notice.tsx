import { Alert, Button } from 'antd';
import { useEffect, useState } from 'react';

import { ProblemAlert } from '../../api/problem-alert.js';
import { useAct } from '../../api/use-act.js';
import { fill, useWords } from '../../words/words.js';
import { type OfficeSession } from '../who.js';
import { awaitAnswer } from './answer-channel.js';
import { openWindow } from './window.js';

const WORDS = {
  stays: {
    zh: '已退出本网页，但您在身份认证服务（{host}）的登录仍然有效。共用电脑请一并退出。',
    en: 'You signed out of these pages, but not of your identity service ({host}). Sign out there too on a shared computer.',
  },
  end: { zh: '退出身份认证服务', en: 'Sign out there too' },
  close: { zh: '不再提示', en: 'Dismiss' },
} as const;

interface Properties {
  readonly left: OfficeSession;
  readonly onDone: () => void;
}

/** After signing out: the session at the office's provider goes on, and how to end it where the provider says how. */
export function LeftNotice({ left: { host, endAt }, onDone }: Properties) {
  const w = useWords(WORDS);
  const [state] = useState(() => crypto.randomUUID());
  const act = useAct((address: string) => {
    const url = new URL(address);
    url.searchParams.set('state', state);
    openWindow(url.href);
    return Promise.resolve();
  });
  useEffect(() => awaitAnswer(state, onDone), [state, onDone]);
  return (
    <>
      <Alert
        className="block"
        role="status"
        type="info"
        showIcon
        title={fill(w.stays, { host })}
        action={endAt !== undefined && <Button onClick={() => void act.run(endAt)}>{w.end}</Button>}
        closable={{ 'aria-label': w.close, onClose: onDone }}
      />
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
    </>
  );
}
