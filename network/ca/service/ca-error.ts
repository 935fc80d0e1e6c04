/**
 * The refusals of this service by Fabric CA's own numbers; clients decide by them.
 * Source: Fabric CA lib/caerrors/servererror.go.
 */
export const caCodes = {
  unknown: 0,
  methodNotAllowed: 1,
  noAuthorization: 2,
  emptyBody: 4,
  badBody: 5,
  certificateNotFound: 8,
  wrongOwner: 9,
  identityNotFound: 10,
  missingRevokeArguments: 15,
  gettingAffiliation: 16,
  caNotFound: 19,
  authenticationFailure: 20,
  badSigningRequest: 31,
  invalidRevokedAfter: 36,
  invalidExpiredAfter: 37,
  addIdentity: 52,
  removeIdentity: 56,
  modifyingIdentity: 58,
  addAffiliation: 60,
  removeAffiliation: 61,
  notStored: 63,
  modifyAffiliation: 64,
  alreadyRevoked: 66,
  gettingCertificate: 67,
  authorizationFailure: 71,
  passwordAttempts: 73,
  identityRegistered: 74,
  commonNameInvalid: 77,
  invalidSigningRequest: 80,
  invalidMaxEnrollments: 82,
} as const;

/** A request that the authority refuses: status of HTTP, number of Fabric CA, words for the client. */
export class CaError extends Error {
  override readonly name = 'CaError';
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: keyof typeof caCodes, message: string) {
    super(message);
    this.status = status;
    this.code = caCodes[code];
  }

  /** Who asks is not known. Why is not said, as Fabric CA does not say it: it would help whoever guesses. */
  static unauthenticated(): CaError {
    return new CaError(401, 'authenticationFailure', 'Authentication failure');
  }

  /** Who asks may not do this. */
  static unauthorized(): CaError {
    return new CaError(403, 'authorizationFailure', 'Authorization failure');
  }
}
