import { useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '证照', en: 'Licence' },
} as const;

/** The page `/licence`. */
export function LicencePage() {
  const w = useWords(WORDS);
  return <h1>{w.title}</h1>;
}
