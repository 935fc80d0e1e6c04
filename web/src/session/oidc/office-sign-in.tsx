import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Skeleton } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';

import { type OidcSignIn } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { Problem } from '../../api/problem.js';
import { useAct } from '../../api/use-act.js';
import { fill, useWords } from '../../words/words.js';
import { useSession } from '../session.js';
import { awaitAnswer } from './answer-channel.js';
import { type Attempt } from './attempt.js';
import { openWindow } from './window.js';

const WORDS = {
  explain: {
    zh: '用贵单位的身份认证服务（{host}）登录：会打开一个新窗口，本页内容不受影响。',
    en: 'Sign in at your identity service ({host}): a window opens for it, and this page stays as it is.',
  },
  open: { zh: '打开登录窗口', en: 'Open the sign-in window' },
  again: { zh: '重新打开登录窗口', en: 'Open the sign-in window again' },
  waiting: {
    zh: '正在等待另一个窗口完成登录。窗口已关闭的，可以重新打开。',
    en: 'Waiting for the sign-in in the other window. If it was closed, open it again.',
  },
} as const;

/** Leads to the office's OpenID provider in a window of its own, so that nothing on this page is lost. */
export function OfficeSignIn({ way }: { readonly way: OidcSignIn }) {
  const w = useWords(WORDS);
  const { asking } = useSession();
  // Every attempt has secrets of its own, so a failed one is followed by another.
  const [round, setRound] = useState(0);
  const begin = () => beginAttempt(way, asking !== 'expired');
  const attempt = useQuery({
    queryKey: ['sign-in', way.issuer, round],
    queryFn: begin,
    gcTime: 0,
    staleTime: Infinity,
    // Whoever waits for it may try again themselves.
    retry: false,
  });
  return (
    <Flex vertical gap="small">
      <p className="hint">{fill(w.explain, { host: new URL(way.issuer).host })}</p>
      {attempt.isError && <ProblemAlert error={attempt.error} retry={() => void attempt.refetch()} />}
      {attempt.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      <Opener
        attempt={attempt.data}
        onFailed={() => {
          setRound(round + 1);
        }}
      />
    </Flex>
  );
}

interface Properties {
  readonly attempt: Attempt | undefined;
  readonly onFailed: () => void;
}

/** Opens the window and takes the answer that comes back from it. */
function Opener({ attempt, onFailed }: Properties) {
  const w = useWords(WORDS);
  const { answer } = useSession();
  const [opened, setOpened] = useState(false);
  const act = useAct(async ({ from, given }: { readonly from: Attempt; readonly given: string }) => {
    answer(await from.finish(given));
  });
  const opening = useAct((address: string) => {
    openWindow(address);
    setOpened(true);
    act.clear();
    return Promise.resolve();
  });
  const take = useEffectEvent(async (from: Attempt, given: string) => {
    if (await act.run({ from, given })) return;
    setOpened(false);
    onFailed();
  });
  useEffect(() => {
    if (attempt === undefined) return undefined;
    return awaitAnswer(attempt.state, (given) => void take(attempt, given));
  }, [attempt]);
  const problem = act.problem ?? opening.problem;
  return (
    <>
      {problem !== undefined && <ProblemAlert error={problem} />}
      {opened && <p role="status">{w.waiting}</p>}
      <Button
        type="primary"
        disabled={attempt === undefined}
        loading={act.running}
        onClick={() => {
          if (attempt !== undefined) void opening.run(attempt.address);
        }}
      >
        {opened ? w.again : w.open}
      </Button>
    </>
  );
}

/** The protocol loads when somebody signs in: citizens never need it. @throws {Problem} */
async function beginAttempt(way: OidcSignIn, anew: boolean): Promise<Attempt> {
  const protocol = await import('./attempt.js').catch((cause: unknown) => {
    throw new Problem('GATEWAY_DOWN', {}, { cause });
  });
  return protocol.beginAttempt(way, anew);
}
