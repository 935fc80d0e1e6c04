import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { NotFound } from '../../layout/not-found.js';
import { useSession } from '../../session/session.js';
import { useWords } from '../../words/words.js';
import { AttestationList } from './attestation-list.js';
import { AttestationPage } from './attestation-page.js';
import { CataloguePanel } from './catalogue-panel.js';
import { RequestForm } from './request-form.js';

const WORDS = {
  title: { zh: '跨域核验', en: 'Cross-region desk' },
} as const;

/** The page `/cross-region`. */
export function CrossRegionPage() {
  const w = useWords(WORDS);
  const { who } = useSession();
  if (who === undefined) return null;
  const officer = who.role === 'officer';
  return (
    <>
      <h1>{w.title}</h1>
      <SubNav label={w.title} page="/cross-region" />
      <Routes>
        <Route index element={<AttestationList key="received" side="received" />} />
        <Route path="asked" element={<AttestationList key="asked" side="asked" />} />
        {officer && <Route path="new" element={<RequestForm who={who} />} />}
        <Route path="catalogue" element={<CataloguePanel who={who} />} />
        <Route path="one/:id" element={<AttestationPage who={who} />} />
        <Route path="*" element={<NotFound within />} />
      </Routes>
    </>
  );
}
