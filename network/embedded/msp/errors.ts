/**
 * Why an identity, a membership configuration or a policy was refused.
 * - `UNKNOWN_MSP`: the serialized identity names an organisation that the channel does not know.
 * - `CERT_MALFORMED`: the bytes are no serialized identity with one readable X.509 certificate.
 * - `CERT_UNTRUSTED`: no single certification path leads from the certificate to a root of its organisation.
 * - `CERT_REVOKED`: the issuer's revocation list names the certificate.
 * - `CERT_EXPIRED`: the certificate's last valid instant has passed; only `checkExpiry` says this.
 * - `NODE_OU`: the subject does not carry exactly one organisational unit that names a role.
 * - `MSP_CONFIG`: an organisation's own configuration is unusable.
 * - `POLICY_MALFORMED`: a policy's text or bytes do not describe a policy.
 */
export type MspErrorCode =
  | 'UNKNOWN_MSP'
  | 'CERT_MALFORMED'
  | 'CERT_UNTRUSTED'
  | 'CERT_REVOKED'
  | 'CERT_EXPIRED'
  | 'NODE_OU'
  | 'MSP_CONFIG'
  | 'POLICY_MALFORMED';

/** A refusal by the membership or policy rules. The message names no person: certificates appear by MSP id only. */
export class MspError extends Error {
  override readonly name = 'MspError';
  readonly code: MspErrorCode;

  /** @param reason what was found and what was wanted, in plain words; follows the code in `message`. */
  constructor(code: MspErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.code = code;
  }
}
