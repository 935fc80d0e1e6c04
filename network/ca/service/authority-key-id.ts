import { type Certificate } from '../../embedded/msp/certificate.js';
import { DerReader, DerTag } from '../../embedded/msp/der.js';

const authorityKeyIdOid = '2.5.29.35';

/** @returns the key identifier of a certificate's issuer, hex (RFC 5280, section 4.2.1.1); empty where it names none */
export function readAuthorityKeyId(certificate: Certificate): string {
  const value = certificate.extensionValue(authorityKeyIdOid);
  if (value === undefined) return '';
  const fields = new DerReader(value).open(DerTag.sequence);
  return fields.nextIs(DerTag.contextPrimitive0) ? fields.next(DerTag.contextPrimitive0).content.toString('hex') : '';
}
