import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { readCertificate } from '../../proof/crypto/certificate.js';
import { SM2_KEY, sm2Digest, sm2KeyOf, Sm2Point } from '../../proof/crypto/sm2.js';
import { encodeIdentity, writePem } from '../../proof/fabric/identity.js';
import { identityRef } from '../../proof/format/codec.js';
import { type Attestation, type SealPart } from '../../proof/format/receipt.js';
import { SEAL_ALGORITHM, SEAL_UNIT, sealedBytes } from '../../proof/verify/seal.js';
import { ConfigError } from '../config-error.js';

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 5915 section 3: version 1, OCTET STRING). */
const SCALAR_HEAD = Buffer.from('0201010420', 'hex');
const SCALAR_BYTES = 32;

/** An organisation's seal: an SM2 key, and the certificate that its authority issued for it. */
export class Sealer {
  /** `msp.SerializedIdentity` of the seal, which a receipt brings along. */
  readonly identity: Uint8Array;
  readonly #key: Uint8Array;
  readonly #scalar: bigint;

  /**
   * @param files certificate and private key, PEM. @throws {ConfigError} CONFIG_INVALID where one cannot be read, the
   * certificate is not for sealing, or the key is not the certificate's
   */
  constructor(mspId: string, files: { readonly certificate: string; readonly key: string }) {
    const der = readWith(files.certificate, (text) => new Uint8Array(new X509Certificate(text).raw));
    const certificate = readCertificate(der);
    if (certificate.keyAlgorithm !== SM2_KEY || !certificate.units.includes(SEAL_UNIT)) {
      throw new ConfigError(files.certificate, `a certificate with an SM2 key and OU=${SEAL_UNIT}`);
    }
    this.identity = encodeIdentity(mspId, writePem(der));
    this.#key = sm2KeyOf(certificate.key);
    this.#scalar = readWith(files.key, readScalar);
    if (!Buffer.from(Sm2Point.BASE.multiply(this.#scalar).toBytes(false)).equals(this.#key)) {
      throw new ConfigError(files.key, "the certificate's private key");
    }
  }

  /** Seals an attestation (GB/T 32918.2 section 6.1). */
  seal(attestation: Attestation): SealPart {
    const { signer, algorithm } = { signer: identityRef(this.identity), algorithm: SEAL_ALGORITHM };
    return { signer, algorithm, signature: signSm2(this.#scalar, sm2Digest(this.#key, sealedBytes(attestation))) };
  }
}

/** (r, s) in DER. @param digest e of GB/T 32918.2: hash of signer and message */
function signSm2(scalar: bigint, digest: bigint): Uint8Array {
  const { ORDER: order } = Sm2Point.Fn;
  const inverse = Sm2Point.Fn.inv(1n + scalar);
  for (;;) {
    const k = numberOf(randomBytes(SCALAR_BYTES));
    if (k === 0n || k >= order) continue;
    const r = (digest + Sm2Point.BASE.multiply(k).toAffine().x) % order;
    const s = Sm2Point.Fn.mul(inverse, Sm2Point.Fn.create(k - r * scalar));
    if (r !== 0n && r + k !== order && s !== 0n) return encodeSignature(r, s);
  }
}

function encodeSignature(r: bigint, s: bigint): Uint8Array {
  const both = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}

/** DER INTEGER of a positive number below 2^256. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const positive = bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
  return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
}

function readScalar(pem: string): bigint {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const start = der.indexOf(SCALAR_HEAD) + SCALAR_HEAD.length;
  return numberOf(der.subarray(start, start + SCALAR_BYTES));
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** @throws {ConfigError}; what OpenSSL says of a key is not passed on */
function readWith<Value>(path: string, read: (text: string) => Value): Value {
  try {
    return read(readFileSync(path, 'utf8'));
  } catch {
    throw new ConfigError(path, 'PEM that can be read');
  }
}
