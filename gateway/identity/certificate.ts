import { X509Certificate } from 'node:crypto';

import { type CertificateFacts } from '../../domain/actor.js';
import { childrenOf, DER_TAG, readDer } from './der.js';

/** Contents of OID 1.2.3.4.5.6.7.8.1, which Fabric's CA puts attributes under (fabric-ca, lib/attrmgr/attrmgr.go). */
const ATTRIBUTES_OID = Buffer.from('2a03040506070801', 'hex');

/**
 * What a certificate says about its holder. Nothing is verified here: peers check chain and signature.
 * @param pem one certificate. @throws {Error} where it is not a certificate at all.
 */
export function readCertificateFacts(mspId: string, pem: string | Uint8Array): CertificateFacts {
  const certificate = new X509Certificate(pem);
  const attributes = readAttributes(certificate.raw);
  return {
    mspId,
    commonName: /^CN=(.*)$/m.exec(certificate.subject)?.[1],
    role: attributes.get('yz.role'),
    unit: attributes.get('yz.unit'),
    region: attributes.get('yz.region'),
  };
}

/**
 * Fabric's attributes of a certificate: raw UTF-8 JSON `{"attrs":{name: value}}` in the extension's octet string.
 * @param raw the certificate's DER. @returns an empty map where there is no such extension or its text is ill-formed.
 */
export function readAttributes(raw: Uint8Array): ReadonlyMap<string, string> {
  const text = findExtension(raw, ATTRIBUTES_OID);
  if (text === undefined) return new Map();
  try {
    const { attrs } = JSON.parse(Buffer.from(text).toString('utf8')) as { attrs?: Record<string, unknown> };
    return new Map(Object.entries(attrs ?? {}).filter((entry): entry is [string, string] => isText(entry[1])));
  } catch {
    return new Map(); // No attributes means no role, and no role means no right.
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Contents of one extension's octet string. Certificate ::= { tbs { …, [3] { Extension… } }, … }, RFC 5280 section 4.1. */
function findExtension(raw: Uint8Array, oid: Uint8Array): Uint8Array | undefined {
  const [tbs] = childrenOf(raw, readDer(raw, 0));
  const tagged = tbs && [...childrenOf(raw, tbs)].find(({ tag }) => tag === DER_TAG.extensions);
  const [list] = tagged ? childrenOf(raw, tagged) : [];
  for (const extension of list ? childrenOf(raw, list) : []) {
    const [id, ...rest] = childrenOf(raw, extension);
    if (id?.tag !== DER_TAG.objectId || !oidEquals(raw.subarray(id.start, id.end), oid)) continue;
    const value = rest.find(({ tag }) => tag === DER_TAG.octetString);
    return value && raw.subarray(value.start, value.end);
  }
  return undefined;
}

function oidEquals(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
