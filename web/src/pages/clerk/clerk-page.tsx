import { Alert, Skeleton } from 'antd';
import { useEffect } from 'react';
import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { NotFound } from '../../layout/not-found.js';
import { useSession } from '../../session/session.js';
import { type Who } from '../../session/who.js';
import { useWords } from '../../words/words.js';
import { QueuePanel } from './queue-panel.js';
import { FindRecord } from './find-record.js';
import { RecordPage } from './record-page.js';
import { SubmitPanel } from './submit-panel.js';
import { type Desk, useDesk, useQueueState } from './use-queue.js';

const WORDS = {
  title: { zh: '存证台', en: 'Clerk desk' },
  noStore: {
    zh: '这个浏览器不允许保存数据（可能是无痕窗口），为避免重复登记，请换一个窗口或浏览器。',
    en: 'This browser keeps no data (a private window?). So that nothing is recorded twice, use another one.',
  },
} as const;

/** The page `/clerk`. */
export function ClerkPage() {
  const w = useWords(WORDS);
  const { who } = useSession();
  if (who === undefined) return null;
  return (
    <>
      <h1>{w.title}</h1>
      <SubNav label={w.title} page="/clerk" />
      <Routes>
        <Route index element={<Recording key={who.user} who={who} />} />
        <Route path="record" element={<FindRecord />} />
        <Route path="record/:id" element={<RecordPage who={who} />} />
        <Route path="*" element={<NotFound within />} />
      </Routes>
    </>
  );
}

function Recording({ who }: { readonly who: Who }) {
  const w = useWords(WORDS);
  const desk = useDesk(who);
  if (desk === undefined) return <Skeleton active />;
  if (desk === 'no-store') return <Alert type="error" showIcon title={w.noStore} />;
  return (
    <>
      <WarnOfLeaving desk={desk} />
      <SubmitPanel desk={desk} />
      <QueuePanel desk={desk} />
    </>
  );
}

/** What is not hashed yet must be chosen again after the window was closed, so the browser asks first. */
function WarnOfLeaving({ desk }: { readonly desk: Desk }) {
  const { running } = useQueueState(desk);
  useEffect(() => {
    if (!running) return undefined;
    const warn = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
    };
  }, [running]);
  return null;
}
