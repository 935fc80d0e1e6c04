import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';

import { useWords } from '../../words/words.js';
import { handOver } from './answer-channel.js';

const WORDS = {
  title: { zh: '登录', en: 'Sign in' },
  taken: {
    zh: '登录结果已交回原来的页面，可以关闭此窗口。',
    en: 'The page that asked has the answer. This window may be closed.',
  },
  nobody: {
    zh: '没有页面在等待这次登录，登录结果未被采用。请回到原来的页面，重新点“登录”。',
    en: 'No page waits for this sign-in, so it was not used. Go back to the page you came from and sign in again.',
  },
  home: { zh: '打开首页', en: 'Open the first page' },
} as const;

/** Where the provider sends people back to: gives its answer to the window that asked, and closes. */
export function SignInReturn() {
  const w = useWords(WORDS);
  const [given] = useState(() => location.search);
  const handed = useQuery({ queryKey: ['sign-in-answer', given], queryFn: () => handOver(given), staleTime: Infinity });
  useEffect(() => {
    // The code is of no use twice, but has no business in the window's history either.
    history.replaceState(history.state, '', location.pathname);
  }, []);
  useEffect(() => {
    if (handed.data === true) close();
  }, [handed.data]);
  return (
    <Flex vertical gap="middle" align="start">
      <h1>{w.title}</h1>
      {handed.isPending && <Spin />}
      {handed.data === true && <Alert type="success" showIcon title={w.taken} />}
      {handed.data === false && <Alert type="error" role="alert" showIcon title={w.nobody} />}
      {handed.data === false && <Link to="/">{w.home}</Link>}
    </Flex>
  );
}
