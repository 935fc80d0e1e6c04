import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';

import { readStored, writeStored } from './stored.js';

const SHADES = ['light', 'dark'] as const;
/** Light or dark; what the system says unless somebody chose here. */
export type Shade = (typeof SHADES)[number];

interface Choice {
  readonly shade: Shade;
  readonly setShade: (shade: Shade) => void;
  /** Whether things may move; not where the system says that its user wants none of it. */
  readonly motion: boolean;
}

const Context = createContext<Choice>({ shade: 'light', setShade: () => undefined, motion: true });
const systemDark = matchMedia('(prefers-color-scheme: dark)');
/** Paper is light: what is pale on a dark screen would be pale on it. */
const paper = matchMedia('print');
const motion = !matchMedia('(prefers-reduced-motion: reduce)').matches;

function watch(media: MediaQueryList): (tell: () => void) => () => void {
  return (tell) => {
    media.addEventListener('change', tell);
    return () => {
      media.removeEventListener('change', tell);
    };
  };
}
const [watchSystem, watchPaper] = [watch(systemDark), watch(paper)];

/** Gives the pages their shade and keeps the choice. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const system = useSyncExternalStore(watchSystem, () => (systemDark.matches ? 'dark' : 'light'));
  const [chosen, setChosen] = useState(() => readStored('theme', SHADES));
  const printing = useSyncExternalStore(watchPaper, () => paper.matches);
  const shade = printing ? 'light' : (chosen ?? system);
  useEffect(() => {
    document.documentElement.dataset['theme'] = shade;
  }, [shade]);
  const setShade = (next: Shade): void => {
    writeStored('theme', next);
    setChosen(next);
  };
  return <Context value={{ shade, setShade, motion }}>{children}</Context>;
}

/** The shade in force, and how to change it. */
export function useTheme(): Choice {
  return useContext(Context);
}
