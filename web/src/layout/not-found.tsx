import { Link } from 'react-router';

import { useWords } from '../words/words.js';

const WORDS = {
  title: { zh: '没有这个页面', en: 'There is no such page' },
  why: {
    zh: '网址可能有误，或页面已经移走。请从上方导航进入，或返回首页。',
    en: 'The address may be mistyped, or the page has moved. Use the navigation above, or go to the first page.',
  },
  home: { zh: '返回首页', en: 'Go to the first page' },
} as const;

/** An address that no page has. @param within whether it stands within a page, which has its own first heading */
export function NotFound({ within = false }: { readonly within?: boolean }) {
  const w = useWords(WORDS);
  return (
    <section className="panel">
      {within ? <h2>{w.title}</h2> : <h1>{w.title}</h1>}
      <p>{w.why}</p>
      <Link to="/">{w.home}</Link>
    </section>
  );
}
