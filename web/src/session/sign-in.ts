import { type Role } from '../../../domain/actor.js';
import { callJson } from '../api/client.js';
import { type Signed, type Who } from './who.js';

/** Somebody whom the development issuer may name. */
export interface Selectable {
  /** `clerk@chongqing.example` */
  readonly name: string;
  readonly role: Role;
  readonly unit: string;
}

/** How this gateway lets people in: `GET /v1/sign-in`. `none`: tokens come from elsewhere. */
export type SignInWay =
  | { readonly kind: 'development'; readonly users: readonly Selectable[] }
  | { readonly kind: 'oidc'; readonly issuer: string; readonly clientId: string; readonly audience: string }
  | { readonly kind: 'none' };

/** @throws {Problem} */
export function askSignInWay(): Promise<SignInWay> {
  return callJson<SignInWay>({ path: '/v1/sign-in' });
}

/** Signs in at the development issuer. @throws {Problem} */
export async function signInAs(user: string): Promise<Signed> {
  const minted = await callJson<{ readonly token: string; readonly expiresAt: string }>({
    method: 'POST',
    path: '/v1/sign-in',
    body: { user },
  });
  return { ...minted, who: await askWho(minted.token) };
}

/** Whom a token stands for, as the gateway sees it. @throws {Problem} */
export function askWho(token: string): Promise<Who> {
  return callJson<Who>({ path: '/v1/me', authorization: `Bearer ${token}` });
}
