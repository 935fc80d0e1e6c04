import { type Certificate } from './certificate.js';
import { MspError } from './errors.js';
import { verifyRemembered } from './signature.js';

/** The role that a certificate's one NodeOU gives its holder. */
export type NodeRole = 'client' | 'peer' | 'admin' | 'orderer';

/**
 * Who a policy is asked about. An admitted `Identity` is one; the roles that a planner tries out, with nothing but
 * an organisation and a role, are another.
 */
export interface PolicySubject {
  readonly mspId: string;
  /** `undefined` only for an identity of an organisation that does not use NodeOUs. */
  readonly role: NodeRole | undefined;
  /** Whether the subject is an administrator without saying so by its role: the organisation lists its certificate. */
  readonly isListedAdmin?: boolean;
  /** SHA-256 of the certificate in low-S form, hex. */
  readonly certificateId?: string;
  /** Organizational units of the certificate's subject, and the hash of the CAs that vouch for them (hex). */
  readonly units?: readonly string[];
  readonly certifiersId?: string;
}

/** A certificate that an organisation of the channel admitted. Made by `Msp` alone; the clock played no part. */
export class Identity implements PolicySubject {
  readonly mspId: string;
  /** The serialized identity exactly as it was received: what endorsement signatures cover. */
  readonly bytes: Uint8Array;
  readonly role: NodeRole | undefined;
  readonly isListedAdmin: boolean;
  readonly certificate: Certificate;
  readonly certifiersId: string;

  constructor(fields: Pick<Identity, 'mspId' | 'bytes' | 'role' | 'isListedAdmin' | 'certificate' | 'certifiersId'>) {
    this.mspId = fields.mspId;
    this.bytes = fields.bytes;
    this.role = fields.role;
    this.isListedAdmin = fields.isListedAdmin;
    this.certificate = fields.certificate;
    this.certifiersId = fields.certifiersId;
  }

  get certificateId(): string {
    return this.certificate.id;
  }

  get units(): readonly string[] {
    return this.certificate.units;
  }

  /**
   * Checks this identity's signature: ECDSA P-256, SHA-256, DER, low `s`. Never throws; what is no signature is `false`.
   * The verdict is remembered for the whole process.
   */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return verifyRemembered(this.certificateId, this.certificate.publicKey, message, signature);
  }
}

/**
 * The ingress check that validation must not make: a block's verdicts may not depend on when they are computed.
 * @param nowMs Unix milliseconds. @throws MspError CERT_EXPIRED
 * Source: Fabric core/handlers/auth/filter/expiration.go.
 */
export function checkExpiry({ certificate, mspId }: Identity, nowMs: number): void {
  if (nowMs > certificate.notAfterMs) {
    const expired = new Date(certificate.notAfterMs).toISOString();
    throw new MspError('CERT_EXPIRED', `certificate of ${mspId} expired at ${expired}`);
  }
}
