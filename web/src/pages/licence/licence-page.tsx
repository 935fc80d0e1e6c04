import { lazy } from 'react';
import { NavLink, Route, Routes } from 'react-router';

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
      <nav className="sub-nav no-print" aria-label={w.nav}>
        <NavLink to="/licence" end>
          {w.lookUp}
        </NavLink>
        <NavLink to="/licence/mine">{w.mine}</NavLink>
        <NavLink to="/licence/counter">{w.counter}</NavLink>
      </nav>
      <Routes>
        <Route index element={<StatusPanel />} />
        <Route path="mine" element={<HolderPanel />} />
        <Route path="counter" element={<CounterPanel />} />
      </Routes>
    </div>
  );
}
