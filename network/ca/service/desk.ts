import { type CertificateAuthority, type KeyMaterial } from '../certificate-authority.js';
import { CaError, type caCodes } from './ca-error.js';
import { type Identity, type Registry } from './registry.js';
import { holds } from './rights.js';

/** One organisation's authority at work: what every operation is given. */
export interface Desk {
  /** `ca.org1.example.com`. */
  readonly name: string;
  readonly registry: Registry;
  readonly authority: CertificateAuthority;
  /** Those that it took the place of: they issue nothing, but sign lists of what they issued. */
  readonly retired: readonly CertificateAuthority[];
  /** Issues what is asked for with the profile `tls`; the members of a Fabric network trust it for TLS alone. */
  readonly tlsAuthority: CertificateAuthority;
  readonly nowMs: () => number;
}

/** A request whose sender is known. */
export interface KnownCaller {
  readonly caller: Identity;
  /** Serial and AKI of the certificate that signed it. */
  readonly serial: string;
  readonly aki: string;
}

/** What an authority tells about itself, as clients read it. Source: Fabric CA lib/serverinfo.go. */
export function describeAuthority(name: string, { certificatePem }: KeyMaterial): Record<string, string> {
  return {
    CAName: name,
    CAChain: Buffer.from(certificatePem).toString('base64'),
    IssuerPublicKey: '', // Idemix is not offered.
    IssuerRevocationPublicKey: '',
    Version: '1.5.0',
  };
}

/** @throws CaError 404 in Fabric CA's words */
export function findIdentity({ registry }: Desk, name: string, code: keyof typeof caCodes = 'notStored'): Identity {
  const identity = registry.find(name);
  if (identity === undefined) throw new CaError(404, code, 'Failed to get User: sql: no rows in result set');
  return identity;
}

/** @throws CaError 403 where the caller lacks a boolean attribute */
export function checkHolds(caller: Identity, attribute: string): void {
  if (!holds(caller, attribute)) throw CaError.unauthorized();
}

/** Serial numbers and key identifiers as the registry keeps them: lower case, no colons, no leading zeros. */
export function plainHex(text: string): string {
  return text.toLowerCase().replaceAll(':', '').replace(/^0+/, '');
}
