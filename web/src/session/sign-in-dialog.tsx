import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex, Modal, Skeleton } from 'antd';
import { useState } from 'react';

import { type Selectable } from '../../../gateway/openapi/types.js';
import { ProblemAlert } from '../api/problem-alert.js';
import { useAct } from '../api/use-act.js';
import { capital, useSay, useWords } from '../words/words.js';
import { OfficeSignIn } from './oidc/office-sign-in.js';
import { useSession } from './session.js';
import { ROLE_NAMES } from './role-names.js';
import { askSignInWay, signInAs } from './sign-in.js';

const WORDS = {
  title: { zh: '登录', en: 'Sign in' },
  expired: {
    zh: '登录已过期。重新登录后，刚才的操作会继续，已填写的内容都还在。',
    en: 'The session ran out. Sign in again and what you did goes on; nothing you entered is lost.',
  },
  development: {
    zh: '开发用登录：选择一个岗位，不需要密码。仅用于试用和测试。',
    en: 'Development sign-in: choose a post, no password. For trials and tests only.',
  },
  post: { zh: '岗位', en: 'Post' },
  elsewhere: {
    zh: '本网关不在网页上登录：令牌由贵单位的身份认证服务签发，请联系管理员。',
    en: 'This gateway has no sign-in on its pages: tokens come from your identity service. Ask your administrator.',
  },
} as const;

/** Asks who is there, over whatever the page shows; the page below keeps its state. */
export function SignInDialog() {
  const { asking, answer } = useSession();
  const w = useWords(WORDS);
  return (
    <Modal
      open={asking !== 'no'}
      title={w.title}
      footer={null}
      destroyOnHidden
      onCancel={() => {
        answer(undefined);
      }}
    >
      {asking === 'expired' && <Alert className="block" type="warning" showIcon title={w.expired} />}
      <Ways />
    </Modal>
  );
}

function Ways() {
  const w = useWords(WORDS);
  const way = useQuery({ queryKey: ['sign-in'], queryFn: askSignInWay });
  if (way.isPending) return <Skeleton active paragraph={{ rows: 3 }} />;
  if (way.isError) return <ProblemAlert error={way.error} retry={() => void way.refetch()} />;
  switch (way.data.kind) {
    case 'development':
      return <Posts users={way.data.users} />;
    case 'oidc':
      return <OfficeSignIn way={way.data} />;
    case 'none':
      return <p>{w.elsewhere}</p>;
  }
}

function Posts({ users }: { readonly users: readonly Selectable[] }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { answer } = useSession();
  const [chosen, setChosen] = useState<string>();
  const act = useAct(async (user: string) => {
    answer(await signInAs(user));
  });
  return (
    <Flex vertical gap="small">
      <p className="hint">{w.development}</p>
      {act.problem !== undefined && <ProblemAlert error={act.problem} />}
      <ul className="posts" aria-label={w.post}>
        {users.map(({ name, role, unit }) => (
          <li key={name}>
            <Button
              block
              className="post"
              disabled={act.running}
              loading={act.running && chosen === name}
              onClick={() => {
                setChosen(name);
                void act.run(name);
              }}
            >
              <strong>{capital(say(ROLE_NAMES[role]))}</strong>
              <span className="hint">
                {name} · {unit}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </Flex>
  );
}
