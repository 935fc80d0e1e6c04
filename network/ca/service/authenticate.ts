import { encodePem } from '../../embedded/msp/certificate.js';
import { readAuthorityKeyId } from './authority-key-id.js';
import { CaError } from './ca-error.js';
import { type Desk, type KnownCaller, plainHex } from './desk.js';
import { type Identity } from './registry.js';
import { readBasic, readToken, type SignedRequest } from './token.js';

/** Wrong secrets in a row after which an identity must be given a new one. Source: Fabric CA's default configuration. */
const failuresMax = 10;

/**
 * Who signed a request: an identity of this authority, with a certificate that it issued, that has not ended and was
 * not taken back. @throws CaError 401
 */
export function authenticateByToken(desk: Desk, request: SignedRequest): KnownCaller {
  const sender = readToken(request);
  const serial = plainHex(sender.serial.toString(16));
  const aki = plainHex(readAuthorityKeyId(sender));
  const known = desk.registry.certificate(serial, aki);
  const nowMs = desk.nowMs();
  const isInForce = sender.notBeforeMs <= nowMs && nowMs <= sender.notAfterMs;
  if (known?.pem !== encodePem(sender.der) || known.revokedAtMs !== undefined || !isInForce)
    throw CaError.unauthenticated();
  const caller = desk.registry.find(known.identity);
  if (caller === undefined || caller.state < 0) throw CaError.unauthenticated();
  return { caller, serial, aki };
}

/** Whose secret came with a request. A wrong one is counted, against guessing. @throws CaError 401 */
export function authenticateBySecret({ registry }: Desk, authorization: string | undefined): Identity {
  const { name, secret } = readBasic(authorization);
  const identity = registry.find(name);
  if (identity === undefined) throw CaError.unauthenticated();
  const { failed, maxEnrollments, state } = identity;
  if (failed >= failuresMax) {
    const message = `Incorrect password entered ${failed} times, max incorrect password limit of ${failuresMax} reached`;
    throw new CaError(401, 'passwordAttempts', message);
  }
  if (!registry.isSecretOf(name, secret)) {
    registry.keep({ ...identity, failed: failed + 1 });
    throw CaError.unauthenticated();
  }
  if (state < 0 || (maxEnrollments >= 0 && state >= maxEnrollments)) throw CaError.unauthenticated();
  return identity;
}
