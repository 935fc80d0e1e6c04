import { createPublicKey, verify } from 'node:crypto';
import { previewText } from '../../domain/attestation-record.js';
import { type PreviewRequest } from '../../domain/attestation-steps.js';
import { canonicalJson } from '../../domain/canonical-json.js';

/**
 * Whether the holder's key signed this decision. Deterministic: verification uses no chance, and a key that is no point
 * of the curve is the same refusal on every peer.
 * @param holderKey an uncompressed P-256 point, base64url.
 */
export function isHoldersSignature(holderKey: string, wanted: PreviewRequest): boolean {
  const point = Buffer.from(holderKey, 'base64url');
  try {
    const x = point.subarray(1, 33).toString('base64url');
    const y = point.subarray(33).toString('base64url');
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const text = Buffer.from(canonicalJson(previewText(wanted)));
    return verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(wanted.signature, 'base64url'));
  } catch {
    return false;
  }
}
