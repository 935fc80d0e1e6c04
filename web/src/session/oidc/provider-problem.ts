import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';

import { Problem } from '../../api/problem.js';

/** Codes as RFC 6749, 4.1.2.1 has them; other text of a provider is shown to nobody. */
const PLAIN_CODE = /^[a-z_]{1,64}$/;
const NOT_AS_AGREED = [OperationProcessingError, UnsupportedOperationError, WWWAuthenticateChallengeError];

/** Does something with the provider; what goes wrong is told in the page's words. @throws {Problem} */
export async function inWords<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(cause: unknown): unknown {
  if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError) {
    if (cause.error === 'access_denied') return new Problem('SIGN_IN_CANCELLED', {}, { cause });
    return new Problem('PROVIDER_REFUSED', PLAIN_CODE.test(cause.error) ? { reason: cause.error } : {}, { cause });
  }
  if (NOT_AS_AGREED.some((kind) => cause instanceof kind)) {
    return new Problem('PROVIDER_MISMATCH', {}, { cause });
  }
  // `fetch` says this of whatever it cannot reach, or may not read.
  if (cause instanceof TypeError || cause instanceof DOMException) return new Problem('PROVIDER_DOWN', {}, { cause });
  return cause;
}
