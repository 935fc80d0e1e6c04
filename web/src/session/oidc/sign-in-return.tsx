import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';

import { useWords } from '../../words/words.js';
import { handOver } from './answer-channel.js';

const WORDS = {
  title: { zh: '登录', en: 'Sign in' },
  left: { zh: '退出', en: 'Sign out' },
  leftWords: {
    zh: '已退出身份认证服务，可以关闭此窗口。',
    en: 'You are signed out of your identity service. This window may be closed.',
  },
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

/** What comes back from signing out: the state and neither a code nor an error (RP-Initiated Logout 1.0, 3). */
const LEFT = /^\?state=[^&]+$/;

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
  const isLeaving = LEFT.test(given);
  return (
    <Flex vertical gap="middle" align="start">
      <h1>{isLeaving ? w.left : w.title}</h1>
      {handed.isPending && <Spin />}
      {isLeaving && <Alert type="success" showIcon title={w.leftWords} />}
      {!isLeaving && handed.data === true && <Alert type="success" showIcon title={w.taken} />}
      {!isLeaving && handed.data === false && <Alert type="error" role="alert" showIcon title={w.nobody} />}
      {handed.data === false && <Link to="/">{w.home}</Link>}
    </Flex>
  );
}
