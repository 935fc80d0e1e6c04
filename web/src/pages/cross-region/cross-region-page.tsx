import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { useSession } from '../../session/session.js';
import { useWords } from '../../words/words.js';
import { AttestationList } from './attestation-list.js';
import { AttestationPage } from './attestation-page.js';
import { CataloguePanel } from './catalogue-panel.js';
import { RequestForm } from './request-form.js';

const WORDS = {
  title: { zh: '跨域核验', en: 'Cross-region desk' },
  inbox: { zh: '收件', en: 'Inbox' },
  outbox: { zh: '发件', en: 'Outbox' },
  ask: { zh: '新申请', en: 'New request' },
  catalogue: { zh: '事项目录', en: 'Catalogue' },
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
      <SubNav
        label={w.title}
        items={[
          { to: '/cross-region', name: w.inbox },
          { to: '/cross-region/asked', name: w.outbox },
          ...(officer ? [{ to: '/cross-region/new', name: w.ask }] : []),
          { to: '/cross-region/catalogue', name: w.catalogue },
        ]}
      />
      <Routes>
        <Route index element={<AttestationList key="received" side="received" />} />
        <Route path="asked" element={<AttestationList key="asked" side="asked" />} />
        {officer && <Route path="new" element={<RequestForm who={who} />} />}
        <Route path="catalogue" element={<CataloguePanel who={who} />} />
        <Route path="one/:id" element={<AttestationPage who={who} />} />
      </Routes>
    </>
  );
}
