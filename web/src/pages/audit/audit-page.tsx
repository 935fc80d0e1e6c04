import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { NotFound } from '../../layout/not-found.js';
import { useWords } from '../../words/words.js';
import { ChartsPanel } from './charts-panel.js';
import { IntegrityPanel } from './integrity-panel.js';
import { LivePanel } from './live-panel.js';
import { NetworkPanel } from './network-panel.js';
import { SearchPanel } from './search-panel.js';
import { TimelinePanel } from './timeline-panel.js';

const WORDS = {
  title: { zh: '审计', en: 'Audit' },
} as const;

/** The page `/audit`. */
export function AuditPage() {
  const w = useWords(WORDS);
  return (
    <>
      <h1>{w.title}</h1>
      <SubNav label={w.title} page="/audit" />
      <Routes>
        <Route index element={<SearchPanel />} />
        <Route path="record" element={<TimelinePanel />} />
        <Route path="record/:id" element={<TimelinePanel />} />
        <Route path="figures" element={<ChartsPanel />} />
        <Route path="live" element={<LivePanel />} />
        <Route path="network" element={<NetworkPanel />} />
        <Route path="integrity" element={<IntegrityPanel />} />
        <Route path="*" element={<NotFound within />} />
      </Routes>
    </>
  );
}
