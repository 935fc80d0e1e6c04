import { randomBytes } from 'node:crypto';

/** Directives of everything that is no page: nothing is loaded from anywhere. */
export const ANSWER_SECURITY = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
};

/** A value that nobody can guess, new for every answer. */
export function createNonce(): string {
  return randomBytes(18).toString('base64');
}

/**
 * Value of `Content-Security-Policy` for a page (CSP level 3): scripts are files of this gateway, never inline; styles
 * too, or they carry the nonce that the page's own code got; nothing comes from, or goes to, another host.
 * @param connects further origins that scripts may ask: of the configured sign-in alone. @param nonce of this answer.
 */
export function pageSecurity(connects: readonly string[], nonce?: string): string {
  const styles = nonce === undefined ? [] : [`'nonce-${nonce}'`];
  return [
    "default-src 'none'",
    "script-src 'self'",
    ['style-src', "'self'", ...styles].join(' '),
    ['connect-src', "'self'", ...connects].join(' '),
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}
