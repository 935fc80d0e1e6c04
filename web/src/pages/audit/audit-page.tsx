import { useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '审计', en: 'Audit' },
} as const;

/** The page `/audit`. */
export function AuditPage() {
  const w = useWords(WORDS);
  return <h1>{w.title}</h1>;
}
