import { verify } from 'node:crypto';

import { type Certificate, parseCertificate } from '../../embedded/msp/certificate.js';
import { CaError } from './ca-error.js';

const headerCharactersMax = 16_384;

/** The parts of a request that its sender signs. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly uri: string;
  readonly body: Buffer;
  readonly authorization: string | undefined;
}

/**
 * Reads the token of a request: its sender's certificate and a signature over method, path, body and certificate, each
 * in base64 and joined by dots. Whether the certificate is one of ours is not decided here.
 * @throws CaError 401. Source: Fabric CA util/util.go, VerifyToken.
 */
export function readToken({ method, uri, body, authorization }: SignedRequest): Certificate {
  if (authorization === undefined) throw new CaError(401, 'noAuthorization', 'No authorization header');
  const [certificate = '', signature = '', ...rest] = authorization.slice(0, headerCharactersMax).split('.');
  if (certificate === '' || signature === '' || rest.length > 0) throw CaError.unauthenticated();
  const signed = [method, Buffer.from(uri).toString('base64'), body.toString('base64'), certificate].join('.');
  try {
    const sender = parseCertificate(Buffer.from(certificate, 'base64'));
    const isGenuine = verify('sha256', Buffer.from(signed), sender.publicKey, Buffer.from(signature, 'base64'));
    if (isGenuine) return sender;
  } catch {
    // A certificate that nobody can read says nothing about who sends it: answered like a wrong signature.
  }
  throw CaError.unauthenticated();
}

/** Name and secret of HTTP's basic authentication. @throws CaError 401 */
export function readBasic(authorization: string | undefined): { readonly name: string; readonly secret: string } {
  if (authorization === undefined) throw new CaError(401, 'noAuthorization', 'No authorization header');
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1024})$/i.exec(authorization)?.[1];
  const text = Buffer.from(encoded ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 1) throw CaError.unauthenticated();
  return { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}
