import { useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '核验', en: 'Verify' },
} as const;

/** The page `/verify`. */
export function VerifyPage() {
  const w = useWords(WORDS);
  return <h1>{w.title}</h1>;
}
