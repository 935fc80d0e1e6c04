import { type Request, type RequestHandler } from 'express';

import { type Actor, type Role, ROLES } from '../../domain/actor.js';
import { DomainError } from '../../domain/errors.js';
import { type AttestationWrite } from '../attestations.js';
import { type EvidenceWrite } from '../evidence.js';
import { type LicenseCall } from '../licenses.js';
import { type Wallet } from '../identity/wallet.js';
import { type Tokens } from './tokens.js';

/** Who calls: the user whose key signs, and what their certificate says. */
export interface Caller {
  readonly user: string;
  readonly actor: Actor;
  /** When the token ends, Unix milliseconds. */
  readonly expiresMs: number;
}

type OtherOperation = 'registerBatch' | 'read' | 'job' | 'timeline' | 'audit' | 'consortium:configure';
type AttestationOperation = AttestationWrite | 'attestation:get' | 'attestation:payloads' | 'reconciliation:compare';

/**
 * Roles that may try an operation. The gate only spares hopeless calls: the contract decides in the end, from the same
 * certificate, and knows ownership besides.
 */
export const MAY = {
  register: ['clerk', 'notary', 'officer'],
  registerBatch: ['clerk', 'notary', 'officer'],
  supersede: ['clerk', 'notary', 'officer'],
  object: ['clerk', 'notary', 'officer'],
  decideObjection: ['clerk'],
  handOver: ['clerk', 'notary', 'officer'],
  answerTransfer: ['clerk', 'notary', 'officer'],
  recordAccess: ['clerk', 'notary', 'officer', 'auditor'],
  read: ROLES,
  job: ROLES,
  timeline: ROLES,
  audit: ['auditor'],
  'license:defineType': ['issuer'],
  'license:issue': ['issuer'],
  'license:operate': ['issuer'],
  'license:refuseRenewal': ['issuer'],
  'license:history': ['issuer', 'auditor'],
  'licenseFields:keep': ['issuer'],
  'licenseFields:read': ['issuer'],
  'licenseFields:purge': ['issuer'],
  'licenseFields:enrol': ['issuer'],
  'holder:use': ['clerk', 'notary', 'issuer', 'officer'],
  'holder:deliver': ['clerk', 'notary', 'issuer', 'officer'],
  'consortium:configure': ['admin'],
  'catalogue:publish': ['admin'],
  'attestation:request': ['officer'],
  'attestation:deposit': ['officer'],
  'attestation:answer': ['officer'],
  'attestation:refuse': ['officer'],
  'attestation:preview': ['officer'],
  'attestation:accept': ['officer'],
  'attestation:use': ['officer'],
  'attestation:close': ['officer'],
  'attestation:withdraw': ['officer'],
  'attestation:purge': ['officer'],
  'attestation:get': ROLES,
  'attestation:payloads': ['officer'],
  'attestation-objection:file': ['clerk', 'notary', 'officer'],
  'attestation-objection:resolve': ['officer'],
  'reconciliation:post': ['officer', 'auditor'],
  'reconciliation:compare': ['officer', 'auditor', 'admin'],
} as const satisfies Record<EvidenceWrite | LicenseCall | AttestationOperation | OtherOperation, readonly Role[]>;

/** Name of an operation that needs a role. */
export type Operation = keyof typeof MAY;

const callers = new WeakMap<Request, Caller>();

/** Lets a caller past who has a token and a role for the operation. @throws UNAUTHENTICATED, ACTOR_MALFORMED, ROLE_NOT_ALLOWED */
export function gate(tokens: Tokens, wallet: Wallet): (operation: Operation) => RequestHandler {
  return (operation) => async (request, _response, next) => {
    const caller = await identify(request, tokens, wallet);
    const { role } = caller.actor;
    const allowed: readonly Role[] = MAY[operation];
    if (!allowed.includes(role)) throw new DomainError('ROLE_NOT_ALLOWED', { role, allowed: allowed.join(', ') });
    callers.set(request, caller);
    next();
  };
}

/** Knows a caller who brings a good token, and lets everybody past. */
export function recognise(tokens: Tokens, wallet: Wallet): RequestHandler {
  return async (request, _response, next) => {
    if (/^Bearer /i.test(request.get('authorization') ?? '')) {
      try {
        callers.set(request, await identify(request, tokens, wallet));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error; // A token that is good for nothing asks as anyone may.
      }
    }
    next();
  };
}

/** Whether a caller passed the gate or was recognised. */
export function isKnown(request: Request): boolean {
  return callers.has(request);
}

/** @throws UNAUTHENTICATED, ACTOR_MALFORMED */
async function identify(request: Request, tokens: Tokens, wallet: Wallet): Promise<Caller> {
  const { user, expiresMs } = await tokens.check(request.get('authorization'));
  return { user, actor: wallet.identity(user).actor(), expiresMs };
}

/** Who calls. @throws {Error} on a route without a gate: a bug of ours. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a route that asks for its caller has no gate');
  return caller;
}
