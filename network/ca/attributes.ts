/**
 * Object identifier of the X.509 extension in which Fabric carries a holder's attributes; not critical.
 * Source: Fabric CA lib/attrmgr; fabric-shim's ClientIdentity reads it.
 */
export const attributeOid = '1.2.3.4.5.6.7.8.1';

/** @returns the extension's value: UTF-8 JSON as it is, in no further ASN.1 wrapping; names in the order given. */
export function encodeAttributes(attributes: Readonly<Record<string, string>>): Uint8Array {
  return Buffer.from(JSON.stringify({ attrs: attributes }));
}
