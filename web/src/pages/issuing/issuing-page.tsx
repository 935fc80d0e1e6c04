import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { NotFound } from '../../layout/not-found.js';
import { useSession } from '../../session/session.js';
import { useWords } from '../../words/words.js';
import { IssuePanel } from './issue-panel.js';
import './issuing.css';
import { LicencesPanel } from './licences-panel.js';
import { OneLicence } from './one-licence.js';
import { TypesPanel } from './types-panel.js';

const WORDS = {
  title: { zh: '发证台', en: 'Licences desk' },
} as const;

/** The page `/issuing`: what an authority does with its licences. */
export function IssuingPage() {
  const w = useWords(WORDS);
  const { who } = useSession();
  if (who === undefined) return null;
  return (
    <>
      <h1>{w.title}</h1>
      <SubNav label={w.title} page="/issuing" />
      <Routes>
        <Route index element={<IssuePanel key={who.user} who={who} />} />
        <Route path="licence" element={<LicencesPanel />} />
        <Route path="licence/:id" element={<OneLicence key={who.user} who={who} />} />
        <Route path="types" element={<TypesPanel who={who} />} />
        <Route path="*" element={<NotFound within />} />
      </Routes>
    </>
  );
}
