import { Alert, Button, Flex } from 'antd';
import { type ReactNode } from 'react';

import { type Role } from '../../../domain/actor.js';
import { type Wording } from '../../../domain/wording.js';
import { ROLE_NAMES } from '../session/role-names.js';
import { useSession } from '../session/session.js';
import { fill, useSay, useWords } from '../words/words.js';

const WORDS = {
  signInFirst: {
    zh: '此页面供工作人员使用，请先登录。核验和证照查询无需登录。',
    en: 'This page is for staff: sign in first. Verifying and looking up licences needs no sign-in.',
  },
  signIn: { zh: '登录', en: 'Sign in' },
  another: { zh: '换一个岗位登录', en: 'Sign in with another post' },
  wrongRole: {
    zh: '当前岗位（{role}）不能使用此页面。可用的角色：{roles}。',
    en: 'The present post ({role}) may not use this page. It is for: {roles}.',
  },
  list: { zh: '、', en: ', ' },
} as const;

interface Properties {
  readonly roles: readonly Role[];
  /** The page's name, where the gate stands in its place and not within it. */
  readonly title?: Wording;
  readonly children: ReactNode;
}

/** Spares hopeless work; the contract decides in the end. */
export function RoleGate({ roles, title, children }: Properties) {
  const { who, signIn } = useSession();
  const w = useWords(WORDS);
  const say = useSay();
  if (who !== undefined && roles.includes(who.role)) return children;
  const names = roles.map((role) => say(ROLE_NAMES[role])).join(w.list);
  const why = who === undefined ? w.signInFirst : fill(w.wrongRole, { role: say(ROLE_NAMES[who.role]), roles: names });
  return (
    <Flex vertical gap="middle" align="start">
      {title !== undefined && <h1>{say(title)}</h1>}
      <Alert type="info" showIcon title={why} />
      <Button type="primary" onClick={() => void signIn()}>
        {who === undefined ? w.signIn : w.another}
      </Button>
    </Flex>
  );
}
