import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

import { type Wording } from '../../../domain/wording.js';
import { useSay } from '../words/words.js';
import { PAGES } from './pages.js';
import { partAt } from './parts.js';

const PRODUCT: Wording = { zh: '印证链', en: 'Yinzheng' };
const SIGN_IN: Wording = { zh: '登录', en: 'Sign in' };
const NO_PAGE: Wording = { zh: '没有这个页面', en: 'No such page' };

/** Names the window after the page and its part, and lets screen readers begin at its content when the page changes. */
export function useTitle(): void {
  const { pathname } = useLocation();
  const say = useSay();
  const title = [...namesAt(pathname), PRODUCT].map(say).join(' · ');
  const before = useRef(pathname);
  useEffect(() => {
    document.title = title;
    if (before.current === pathname) return;
    before.current = pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [title, pathname]);
}

function namesAt(pathname: string): readonly Wording[] {
  const page =
    pathname === '/' ? PAGES[0] : PAGES.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  if (page === undefined) return [pathname === '/sign-in' ? SIGN_IN : NO_PAGE];
  const part = partAt(page.path, pathname);
  return part === undefined ? [page.name] : [part.name, page.name];
}
