import { type Request, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

import { DomainError } from '../../domain/errors.js';
import { callerOf, isKnown } from '../auth/gate.js';
import { type GatewayLimits } from '../config.js';

const WINDOW_MS = 60_000;

/**
 * Limits by user behind the gate and, for the public, by address; a caller who is recognised there counts as a user,
 * so that an office behind one address may ask as often as its people may write. @throws RATE_EXCEEDED with
 * `retryAfter` seconds
 */
export function rateLimits({ publicPerMinute, userPerMinute }: GatewayLimits): {
  readonly byCaller: RequestHandler;
  readonly byUser: RequestHandler;
} {
  const common = { windowMs: WINDOW_MS, standardHeaders: 'draft-8', legacyHeaders: false } as const;
  const handler: RequestHandler = (_request, _response, next) => {
    next(new DomainError('RATE_EXCEEDED', { retryAfter: WINDOW_MS / 1000 }));
  };
  const keyGenerator = (request: Request): string => callerOf(request).user;
  const byAddress = rateLimit({ ...common, limit: publicPerMinute, handler });
  const byUser = rateLimit({ ...common, limit: userPerMinute, handler, keyGenerator });
  const byCaller: RequestHandler = (request, ...more) => (isKnown(request) ? byUser : byAddress)(request, ...more);
  return { byCaller, byUser };
}
