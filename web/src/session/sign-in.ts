import { type IssuedToken, type Me, type SignIn } from '../../../gateway/openapi/types.js';
import { callJson } from '../api/client.js';
import { type Signed } from './who.js';

/** How this gateway lets people in. @throws {Problem} */
export function askSignInWay(): Promise<SignIn> {
  return callJson<SignIn>({ path: '/v1/sign-in' });
}

/** Signs in at the development issuer. @throws {Problem} */
export async function signInAs(user: string): Promise<Signed> {
  const minted = await callJson<IssuedToken>({
    method: 'POST',
    path: '/v1/sign-in',
    body: { user },
  });
  return { ...minted, who: await askWho(minted.token) };
}

/** Whom a token stands for, as the gateway sees it. @throws {Problem} */
export function askWho(token: string): Promise<Me> {
  return callJson<Me>({ path: '/v1/me', authorization: `Bearer ${token}` });
}
