import { useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '跨域核验', en: 'Cross-region desk' },
} as const;

/** The page `/cross-region`. */
export function CrossRegionPage() {
  const w = useWords(WORDS);
  return <h1>{w.title}</h1>;
}
