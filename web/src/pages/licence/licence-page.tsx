import { lazy } from 'react';
import { Route, Routes } from 'react-router';

import { SubNav } from '../../desk/sub-nav.js';
import { NotFound } from '../../layout/not-found.js';
import { useWords } from '../../words/words.js';
import { StatusPanel } from './status-panel.js';
import { WORDS } from './words.js';
import './licence.css';

const HolderPanel = lazy(async () => ({ default: (await import('./holder/holder-panel.js')).HolderPanel }));
const CounterPanel = lazy(async () => ({ default: (await import('./counter/counter-panel.js')).CounterPanel }));

/** 证照: how a licence stands, for anyone; what its holder does with a key in this browser; and the counter's side. */
export function LicencePage() {
  const w = useWords(WORDS);
  return (
    <div className="licence">
      <h1>{w.title}</h1>
      <SubNav label={w.nav} page="/licence" />
      <Routes>
        <Route index element={<StatusPanel />} />
        <Route path="mine" element={<HolderPanel />} />
        <Route path="counter" element={<CounterPanel />} />
        <Route path="*" element={<NotFound within />} />
      </Routes>
    </div>
  );
}
