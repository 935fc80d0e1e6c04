import { LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { NavLink, useLocation } from 'react-router';

import { useSession } from '../session/session.js';
import { useLanguage } from '../settings/language.js';
import { useTheme } from '../settings/theme.js';
import { fill, useSay, useWords } from '../words/words.js';
import { ErrorBoundary } from './error-boundary.js';
import { NetworkNotice } from './network-notice.js';
import { PAGES } from './pages.js';
import { useTitle } from './use-title.js';

const WORDS = {
  product: { zh: '印证链', en: 'Yinzheng' },
  nav: { zh: '页面', en: 'Pages' },
  waiting: { zh: '正在载入…', en: 'Loading…' },
  skip: { zh: '跳到正文', en: 'Skip to the content' },
  dark: { zh: '深色', en: 'Dark' },
  light: { zh: '浅色', en: 'Light' },
  signIn: { zh: '登录', en: 'Sign in' },
  leave: { zh: '退出', en: 'Sign out' },
  signOut: { zh: '退出 {user}', en: 'Sign out {user}' },
} as const;

const LeftNotice = lazy(async () => ({ default: (await import('../session/oidc/left-notice.js')).LeftNotice }));
const SignInDialog = lazy(async () => ({ default: (await import('../session/sign-in-dialog.js')).SignInDialog }));

/** What every page stands in: name, navigation, language, shade, who is signed in, and what the network is worth. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const w = useWords(WORDS);
  const { pathname } = useLocation();
  return (
    <>
      <a className="skip" href="#main">
        {w.skip}
      </a>
      <header className="head">
        <div className="head-row">
          <NavLink to="/" className="brand">
            <img src="/icon.svg" alt="" width={28} height={28} />
            {w.product}
          </NavLink>
          <Navigation />
          <Tools />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="main">
        <Left />
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Waiting />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
      <NetworkNotice />
      <SignIn />
    </>
  );
}

function Waiting() {
  const w = useWords(WORDS);
  return (
    <p className="waiting hint" role="status">
      {w.waiting}
    </p>
  );
}

function Left() {
  const { left, forgetLeft } = useSession();
  if (left === undefined) return undefined;
  return (
    <Suspense>
      <LeftNotice left={left} onDone={forgetLeft} />
    </Suspense>
  );
}

/** The dialog, which loads when somebody is asked for the first time. */
function SignIn() {
  const { asking } = useSession();
  const [asked, setAsked] = useState(false);
  if (asking !== 'no' && !asked) setAsked(true);
  return (
    asked && (
      <Suspense>
        <SignInDialog />
      </Suspense>
    )
  );
}

function Navigation() {
  const w = useWords(WORDS);
  const say = useSay();
  const { pathname } = useLocation();
  useTitle();
  return (
    <nav className="nav" aria-label={w.nav}>
      {PAGES.map(({ path, name }, index) => (
        <NavLink key={path} to={path} className={index === 0 && pathname === '/' ? 'active' : ''}>
          {say(name)}
        </NavLink>
      ))}
    </nav>
  );
}

function Tools() {
  const w = useWords(WORDS);
  const { language, setLanguage } = useLanguage();
  const { shade, setShade } = useTheme();
  const { who, signIn, signOut } = useSession();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <div className="tools">
      <Button
        type="text"
        lang={other === 'en' ? 'en' : 'zh-CN'}
        onClick={() => {
          setLanguage(other);
        }}
      >
        {other === 'en' ? 'English' : '中文'}
      </Button>
      <Button
        type="text"
        aria-label={shade === 'dark' ? w.light : w.dark}
        title={shade === 'dark' ? w.light : w.dark}
        icon={shade === 'dark' ? <SunOutlined /> : <MoonOutlined />}
        onClick={() => {
          setShade(shade === 'dark' ? 'light' : 'dark');
        }}
      />
      {who === undefined ? (
        <Button icon={<UserOutlined aria-hidden />} onClick={() => void signIn()}>
          {w.signIn}
        </Button>
      ) : (
        <Button
          icon={<LogoutOutlined />}
          title={who.user}
          aria-label={fill(w.signOut, { user: who.user })}
          onClick={signOut}
        >
          <span className="user">
            <span className="leave">{w.leave} </span>
            {who.user.split('@')[0]}
          </span>
        </Button>
      )}
    </div>
  );
}
