import { type LicenseId } from '../../../domain/license-id.js';
import { licenseId, MATTER, UNITS, VALUES } from '../license-requests.js';

/** Names of the face's private fields. */
export const FIELD_NAMES = Object.keys(VALUES);
/** The item that every attestation of the soak is asked under. */
export const ITEM = { mspId: 'GuangdongMSP', itemId: 'GD-LICENCE-STATUS' } as const;
const SERIAL_FROM = 4_000_000_000;

/** The n-th licence. */
export function licenceOf(n: number): LicenseId {
  return licenseId(String(SERIAL_FROM + n));
}

/** Beijing's question about a licence, without the private part. */
export function attestationRequest(licence: string, holderKey: string, more: object) {
  return {
    ...{ item: ITEM, matter: MATTER, purpose: 'licensing', legalBasis: 'SC716-10', basis: 'consent' },
    ...{ holderKey, fields: ['validUntil'], licence, commitment: true, ...more },
  };
}

/** Whom it is about. @param salt 64 hex digits */
export function subjectPayload(salt: string): object {
  return {
    ...{ schema: 'attestation-subject/1', salt, numberType: '001' },
    ...{ number: UNITS.beijing.unit, purpose: '办理跨省迁移登记' },
  };
}
