import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { parseCertificate } from './certificate.js';
import { MspError } from './errors.js';
import { serializeIdentity } from './msp.js';
import { rememberOwn, toLowS } from './signature.js';

/** A private key and the identity it signs for. */
export interface Signer {
  readonly mspId: string;
  /** Serialized identity, as creators and endorsers appear on the wire. */
  readonly identityBytes: Uint8Array;
  /** @returns ECDSA P-256 over SHA-256 of the message, DER with low `s`. */
  readonly sign: (message: Uint8Array) => Buffer;
}

/**
 * Makes a signer of an organisation's certificate and its private key (PKCS #8 PEM).
 * @throws MspError CERT_MALFORMED when the certificate is unreadable or the key is not the certificate's own
 */
export function createSigner(material: {
  readonly mspId: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}): Signer {
  const { mspId, certificatePem, privateKeyPem } = material;
  const { id, publicKey } = parseCertificate(certificatePem);
  const key = createPrivateKey(privateKeyPem);
  if (!createPublicKey(key).equals(publicKey)) {
    throw new MspError('CERT_MALFORMED', `private key does not belong to the certificate of ${mspId}`);
  }
  return {
    mspId,
    identityBytes: serializeIdentity(mspId, certificatePem),
    sign: (message) => {
      const signature = toLowS(sign('sha256', message, key));
      rememberOwn(id, message, signature);
      return signature;
    },
  };
}
