import { type Certificate } from './certificate.js';
import { MspError } from './errors.js';

const signatureChecksMax = 100;

/** The certificates an organisation trusts: where every path must end, and what may stand in between. */
export interface TrustAnchors {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
}

/**
 * Finds the one certification path from a certificate to a root, leaf first. Time plays no part: as in Fabric, the
 * path is judged one second after the certificate became valid, so that a verdict never changes later.
 * @returns the path including the certificate and the root. @throws MspError CERT_UNTRUSTED when none or several exist
 * Source: Fabric msp/mspimpl.go, getUniqueValidationChain, which rests on Go's crypto/x509 Certificate.Verify.
 */
export function findChain(certificate: Certificate, anchors: TrustAnchors): readonly Certificate[] {
  const paths = findPaths(certificate, anchors).filter((path) => path.every(({ mayServe }) => mayServe));
  const [path, second] = paths;
  if (path === undefined) throw new MspError('CERT_UNTRUSTED', 'no certification path to a root of the organisation');
  if (second !== undefined) throw new MspError('CERT_UNTRUSTED', 'more than one certification path');
  return path;
}

function findPaths(leaf: Certificate, { roots, intermediates }: TrustAnchors): Certificate[][] {
  const atMs = leaf.notBeforeMs + 1000;
  if (!isUsable(leaf, atMs)) return [];
  if (roots.some(({ id }) => id === leaf.id)) return [[leaf]];
  let checksLeft = signatureChecksMax;

  const mayFollow = (parent: Certificate, path: readonly Certificate[], child: Certificate): boolean => {
    if (!parent.subject.equals(child.issuer) || path.some((link) => isSameHolder(link, parent))) return false;
    if (!isUsable(parent, atMs) || !parent.isCa || !parent.maySignCertificates) return false;
    if (parent.pathLengthMax !== undefined && path.length - 1 > parent.pathLengthMax) return false;
    checksLeft -= 1;
    if (checksLeft < 0) throw new MspError('CERT_UNTRUSTED', `over ${signatureChecksMax} signature checks`);
    return child.isSignedBy(parent.publicKey);
  };
  const extend = (path: readonly Certificate[], child: Certificate): Certificate[][] => [
    ...roots.filter((root) => mayFollow(root, path, child)).map((root) => [...path, root]),
    ...intermediates
      .filter((parent) => mayFollow(parent, path, child))
      .flatMap((parent) => extend([...path, parent], parent)),
  ];
  return extend([leaf], leaf);
}

function isUsable({ unknownCritical, notBeforeMs, notAfterMs }: Certificate, atMs: number): boolean {
  return unknownCritical === undefined && notBeforeMs <= atMs && atMs <= notAfterMs;
}

/** Cross-signed certificates of one holder must not make a path run in circles. */
function isSameHolder(one: Certificate, other: Certificate): boolean {
  return one.subject.equals(other.subject) && one.publicKey.equals(other.publicKey);
}
