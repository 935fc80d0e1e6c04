import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, sign, webcrypto } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

x509.cryptoProvider.set(webcrypto as never);

/** A certificate with its key. */
export interface Holder {
  readonly mspId: string;
  readonly pem: string;
  readonly certificate: x509.X509Certificate;
  readonly key: KeyObject;
  /** msp.SerializedIdentity. */
  readonly identity: Uint8Array;
}

/** What may be special about a certificate. */
export interface CertificateWish {
  readonly name: string;
  readonly unit?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** `SubjectPublicKeyInfo` of a key that is kept elsewhere; its holder has no `key` then. */
  readonly publicKey?: Uint8Array;
}

/** An organisation's certificate authority: a real root that issues real certificates. */
export class Authority {
  readonly mspId: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly certificate: x509.X509Certificate;

  private constructor(mspId: string, keys: webcrypto.CryptoKeyPair, certificate: x509.X509Certificate) {
    this.mspId = mspId;
    this.#keys = keys;
    this.certificate = certificate;
  }

  static async create(mspId: string): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=ca.${mspId}, O=${mspId}`,
      serialNumber: '01',
      notBefore: new Date('2025-01-01T00:00:00Z'),
      notAfter: new Date('2040-01-01T00:00:00Z'),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(mspId, keys, certificate);
  }

  get pem(): string {
    return pemOf(this.certificate);
  }

  /** @param unit organisational unit: `peer`, `client`, … */
  async issue({ name, unit = 'peer', notBefore, notAfter, publicKey }: CertificateWish): Promise<Holder> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}, OU=${unit}, O=${this.mspId}`,
      issuer: this.certificate.subject,
      serialNumber: `01${randomBytes(8).toString('hex')}`,
      notBefore: new Date(notBefore ?? '2026-01-01T00:00:00Z'),
      notAfter: new Date(notAfter ?? '2036-01-01T00:00:00Z'),
      signingAlgorithm: ALGORITHM,
      signingKey: this.#keys.privateKey,
      publicKey: publicKey === undefined ? keys.publicKey : new x509.PublicKey(Uint8Array.from(publicKey)),
      extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
    });
    const pem = pemOf(certificate);
    const identity = new msp.SerializedIdentity();
    identity.setMspid(this.mspId);
    identity.setIdBytes(Buffer.from(pem));
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return { mspId: this.mspId, pem, certificate, key, identity: identity.serializeBinary() };
  }
}

/** PEM with a line break at the end, as Go writes it. */
export function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

/** An ECDSA signature over SHA-256 of the data in DER, with low s as Fabric makes it, or high s on demand. */
export function signBy(holder: Holder, data: Uint8Array, wanted: 'low' | 'high' = 'low'): Buffer {
  const raw = sign('sha256', data, { key: holder.key, dsaEncoding: 'ieee-p1363' });
  const s = BigInt(`0x${raw.subarray(32).toString('hex')}`);
  const right = s > HALF_ORDER === (wanted === 'high') ? s : ORDER - s;
  const low = Buffer.from(right.toString(16).padStart(64, '0'), 'hex');
  const both = Buffer.concat([derInteger(raw.subarray(0, 32)), derInteger(low)]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}

function derInteger(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const content = bytes.subarray(first);
  const padded = (content[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), content]) : content;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}
