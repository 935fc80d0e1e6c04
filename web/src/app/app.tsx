import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { lazy, type ReactNode, useState } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';

import { Problem } from '../api/problem.js';
import { ErrorBoundary } from '../layout/error-boundary.js';
import { Frame } from '../layout/frame.js';
import { NotFound } from '../layout/not-found.js';
import { PAGES } from '../layout/pages.js';
import { RoleGate } from '../layout/role-gate.js';
import { SessionProvider } from '../session/session.js';
import { LanguageProvider, useLanguage } from '../settings/language.js';
import { ThemeProvider, useTheme } from '../settings/theme.js';
import { styleNonce } from './style-nonce.js';
import { themeOf, VARIABLES } from './theme-tokens.js';

/** Times that a question is asked again where that may help. */
const RETRIES_MAX = 2;

const SignInReturn = lazy(async () => ({
  default: (await import('../session/oidc/sign-in-return.js')).SignInReturn,
}));

const csp = { nonce: styleNonce };

/** Everything: settings around session around pages. */
export function App() {
  return (
    <LanguageProvider>
      <ThemeProvider>
        <Library>
          <Questions>
            <SessionProvider>
              <BrowserRouter>
                <ErrorBoundary>
                  <Frame>
                    <Pages />
                  </Frame>
                </ErrorBoundary>
              </BrowserRouter>
            </SessionProvider>
          </Questions>
        </Library>
      </ThemeProvider>
    </LanguageProvider>
  );
}

function Library({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  const { shade, motion } = useTheme();
  return (
    <ConfigProvider
      csp={csp}
      locale={language === 'zh' ? zhCN : enUS}
      theme={themeOf(shade, motion)}
      button={{ autoInsertSpace: false }}
    >
      <div className={`ant-app ${VARIABLES}`}>{children}</div>
    </ConfigProvider>
  );
}

/** Questions to the gateway: kept while a page needs them, asked again only where that may help. */
function Questions({ children }: { readonly children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            retry: (count, error) => count < RETRIES_MAX && error instanceof Problem && error.passes,
            refetchOnWindowFocus: false,
            // A machine without a network may still reach a gateway of its own.
            networkMode: 'always',
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function Pages() {
  const [first] = PAGES;
  return (
    <Routes>
      {first !== undefined && <Route path="/" element={<first.Page />} />}
      {PAGES.map(({ path, name, roles, Page }) => (
        <Route
          key={path}
          path={`${path}/*`}
          element={
            roles === undefined ? (
              <Page />
            ) : (
              <RoleGate roles={roles} title={name}>
                <Page />
              </RoleGate>
            )
          }
        />
      ))}
      <Route path="/sign-in" element={<SignInReturn />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
