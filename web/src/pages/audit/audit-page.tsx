import { Route, Routes } from 'react-router';

import '../../desk/desk.css';
import { SubNav } from '../../desk/sub-nav.js';
import { useWords } from '../../words/words.js';
import { ChartsPanel } from './charts-panel.js';
import { IntegrityPanel } from './integrity-panel.js';
import { LivePanel } from './live-panel.js';
import { NetworkPanel } from './network-panel.js';
import { SearchPanel } from './search-panel.js';
import { TimelinePanel } from './timeline-panel.js';

const WORDS = {
  title: { zh: '审计', en: 'Audit' },
  search: { zh: '检索与导出', en: 'Search and export' },
  record: { zh: '时间线', en: 'Timeline' },
  figures: { zh: '统计', en: 'Figures' },
  live: { zh: '实时', en: 'Live' },
  network: { zh: '网络', en: 'Network' },
  integrity: { zh: '完整性', en: 'Integrity' },
} as const;

/** The page `/audit`. */
export function AuditPage() {
  const w = useWords(WORDS);
  return (
    <>
      <h1>{w.title}</h1>
      <SubNav
        label={w.title}
        items={[
          { to: '/audit', name: w.search },
          { to: '/audit/record', name: w.record },
          { to: '/audit/figures', name: w.figures },
          { to: '/audit/live', name: w.live },
          { to: '/audit/network', name: w.network },
          { to: '/audit/integrity', name: w.integrity },
        ]}
      />
      <Routes>
        <Route index element={<SearchPanel />} />
        <Route path="record" element={<TimelinePanel />} />
        <Route path="record/:id" element={<TimelinePanel />} />
        <Route path="figures" element={<ChartsPanel />} />
        <Route path="live" element={<LivePanel />} />
        <Route path="network" element={<NetworkPanel />} />
        <Route path="integrity" element={<IntegrityPanel />} />
      </Routes>
    </>
  );
}
