import { Button, Result } from 'antd';
import { Component, type ErrorInfo, type ReactNode } from 'react';

import { useWords } from '../words/words.js';

const WORDS = {
  title: { zh: '页面出错了', en: 'This page failed' },
  body: {
    zh: '这是程序出错，并非您操作有误。已提交的内容不受影响，请重新载入页面。',
    en: 'A bug of ours, nothing you did. What was submitted is not affected; load the page again.',
  },
  again: { zh: '重新载入', en: 'Reload' },
} as const;

interface Properties {
  readonly children: ReactNode;
}

/** Keeps a bug in one page from emptying the whole window. */
export class ErrorBoundary extends Component<Properties, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    // eslint-disable-next-line no-console -- the only place where whoever looks into it finds the cause
    console.error(error, componentStack);
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const w = useWords(WORDS);
  return (
    <Result
      status="error"
      title={<h1>{w.title}</h1>}
      subTitle={w.body}
      extra={
        <Button
          type="primary"
          onClick={() => {
            location.reload();
          }}
        >
          {w.again}
        </Button>
      }
    />
  );
}
