import { createHash } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { type Certificate, parseCertificate } from './certificate.js';
import { findChain, type TrustAnchors } from './chain.js';
import { MspError } from './errors.js';
import { Identity, type NodeRole } from './identity.js';
import { judgeRole, readUnitRules, type UnitRules } from './node-ous.js';
import { isRevoked, parseRevocationList, type RevocationList } from './revocation.js';

/** @returns the bytes of `msp.SerializedIdentity{mspid, PEM}`, as creators and endorsers appear on the wire. */
export function serializeIdentity(mspId: string, certificatePem: string | Uint8Array): Uint8Array {
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid(mspId);
  serialized.setIdBytes(Buffer.from(certificatePem));
  return serialized.serializeBinary();
}

/**
 * One organisation's membership rules: which certificates are its own, and in which role.
 * Follows Fabric's X.509 MSP of version 1.4.3 and later (msp/mspimpl*.go), narrowed to ECDSA P-256 with SHA-256.
 */
export class Msp {
  readonly mspId: string;
  readonly #anchors: TrustAnchors;
  /** CAs under which other CAs stand: they must not issue to members. Certificate ids. */
  readonly #innerCas: ReadonlySet<string>;
  readonly #revocationLists: readonly RevocationList[];
  readonly #units: UnitRules;
  readonly #adminIds: ReadonlySet<string>;

  /** @param config the message inside `MSPConfig.config`. @throws MspError MSP_CONFIG, CERT_MALFORMED, CERT_UNTRUSTED */
  constructor(config: msp.FabricMSPConfig) {
    this.mspId = config.getName();
    checkCryptoConfig(config.getCryptoConfig());
    this.#anchors = {
      roots: config.getRootCertsList_asU8().map(parseCertificate),
      intermediates: config.getIntermediateCertsList_asU8().map(parseCertificate),
    };
    this.#revocationLists = config.getRevocationListList_asU8().map(parseRevocationList);
    this.#innerCas = this.#checkAuthorities();
    this.#units = readUnitRules(config, (pem) => this.#certifiersIdOf(parseCertificate(pem)));
    this.#adminIds = this.#readAdmins(config.getAdminsList_asU8());
  }

  /**
   * Admits a certificate or says why not. Expiry is not looked at: see `checkExpiry`.
   * @param certificatePem PEM text or its bytes. @param bytes the serialized identity it arrived in, made when absent.
   * @throws MspError CERT_MALFORMED, CERT_UNTRUSTED, CERT_REVOKED, NODE_OU
   */
  admit(certificatePem: string | Uint8Array, bytes?: Uint8Array): Identity {
    const certificate = parseCertificate(certificatePem);
    const { certifiersId, role } = this.#judge(certificate);
    return new Identity({
      mspId: this.mspId,
      bytes: bytes ?? serializeIdentity(this.mspId, certificatePem),
      role,
      isListedAdmin: this.#adminIds.has(certificate.id),
      certificate,
      certifiersId,
    });
  }

  #judge(certificate: Certificate): { certifiersId: string; role: NodeRole | undefined } {
    if (certificate.isCa) throw new MspError('CERT_UNTRUSTED', 'a CA certificate cannot be an identity');
    const [, issuer, ...rest] = findChain(certificate, this.#anchors);
    if (issuer === undefined) throw new MspError('CERT_UNTRUSTED', 'a root certificate cannot be an identity');
    if (this.#innerCas.has(issuer.id)) throw new MspError('CERT_UNTRUSTED', 'issued by a CA that stands above others');
    if (isRevoked(certificate, issuer, this.#revocationLists)) {
      throw new MspError('CERT_REVOKED', `certificate of ${this.mspId} is on its issuer's revocation list`);
    }
    const certifiersId = hashChain([issuer, ...rest]);
    return { certifiersId, role: judgeRole(certificate.units, certifiersId, this.#units) };
  }

  /** Source: Fabric msp/mspimplsetup.go, finalizeSetupCAs. */
  #checkAuthorities(): ReadonlySet<string> {
    const { roots, intermediates } = this.#anchors;
    if (roots.length === 0) throw new MspError('MSP_CONFIG', `${this.mspId} has no root certificate`);
    for (const ca of [...roots, ...intermediates]) {
      if (!ca.isCa) throw new MspError('MSP_CONFIG', `a CA certificate of ${this.mspId} does not say CA`);
      if (ca.subjectKeyId === undefined) {
        throw new MspError('MSP_CONFIG', `a CA certificate of ${this.mspId} has no subject key identifier`);
      }
      const [, issuer] = findChain(ca, this.#anchors);
      if (issuer !== undefined && isRevoked(ca, issuer, this.#revocationLists)) {
        throw new MspError('MSP_CONFIG', `a CA certificate of ${this.mspId} is revoked`);
      }
    }
    return new Set(intermediates.flatMap((ca) => findChain(ca, this.#anchors).slice(1)).map(({ id }) => id));
  }

  /** Source: Fabric msp/mspimplsetup.go, getCertifiersIdentifier. */
  #certifiersIdOf(ca: Certificate): string {
    const { roots, intermediates } = this.#anchors;
    if (![...roots, ...intermediates].some(({ id }) => id === ca.id)) {
      throw new MspError('MSP_CONFIG', `an organizational unit of ${this.mspId} names a CA that is not its own`);
    }
    return hashChain(findChain(ca, this.#anchors));
  }

  /** Source: Fabric msp/mspimplsetup.go, setupAdminsV142 and postSetupV142. */
  #readAdmins(pems: readonly Uint8Array[]): ReadonlySet<string> {
    const { roles } = this.#units;
    if (pems.length === 0 && !roles.some(({ role }) => role === 'admin')) {
      throw new MspError('MSP_CONFIG', `${this.mspId} has neither listed administrators nor an admin unit`);
    }
    const admins = pems.map(parseCertificate);
    for (const admin of admins) {
      const { role } = this.#judge(admin);
      if (role === 'peer' || role === 'orderer') {
        throw new MspError('MSP_CONFIG', `a listed administrator of ${this.mspId} is a ${role}`);
      }
    }
    return new Set(admins.map(({ id }) => id));
  }
}

function checkCryptoConfig(crypto: msp.FabricCryptoConfig | undefined): void {
  const family = crypto?.getSignatureHashFamily() ?? '';
  const identifier = crypto?.getIdentityIdentifierHashFunction() ?? '';
  if (!['', 'SHA2'].includes(family) || !['', 'SHA256'].includes(identifier)) {
    throw new MspError('MSP_CONFIG', `hash ${family} and ${identifier} where SHA2 and SHA256 were wanted`);
  }
}

/** Source: Fabric msp/mspimpl.go, getCertificationChainIdentifierFromChain. */
function hashChain(chain: readonly Certificate[]): string {
  const hash = createHash('sha256');
  for (const { der } of chain) hash.update(der);
  return hash.digest('hex');
}
