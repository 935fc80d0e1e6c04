import { useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '存证台', en: 'Clerk desk' },
} as const;

/** The page `/clerk`. */
export function ClerkPage() {
  const w = useWords(WORDS);
  return <h1>{w.title}</h1>;
}
