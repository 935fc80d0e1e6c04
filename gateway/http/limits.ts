import { type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

import { DomainError } from '../../domain/errors.js';
import { callerOf } from '../auth/gate.js';
import { type GatewayLimits } from '../config.js';

const WINDOW_MS = 60_000;

/** Limits by address for the public and by user behind the gate. @throws RATE_EXCEEDED with `retryAfter` seconds */
export function rateLimits({ publicPerMinute, userPerMinute }: GatewayLimits): {
  readonly byAddress: RequestHandler;
  readonly byUser: RequestHandler;
} {
  const common = { windowMs: WINDOW_MS, standardHeaders: 'draft-8', legacyHeaders: false } as const;
  const handler: RequestHandler = (_request, _response, next) => {
    next(new DomainError('RATE_EXCEEDED', { retryAfter: WINDOW_MS / 1000 }));
  };
  return {
    byAddress: rateLimit({ ...common, limit: publicPerMinute, handler }),
    byUser: rateLimit({ ...common, limit: userPerMinute, handler, keyGenerator: (request) => callerOf(request).user }),
  };
}
