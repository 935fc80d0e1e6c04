import { concat, fromBase64, fromUtf8, toBase64, utf8 } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { readMessage } from './protobuf.js';

/** `msp.SerializedIdentity`: an MSP id and the certificate in DER, from the PEM text that is signed over. */
export interface Identity {
  readonly mspId: string;
  readonly certificate: Uint8Array;
}

const PEM = /^-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\r?\n?$/;

/** @throws {ProofError} PROTOBUF_MALFORMED, CERTIFICATE_MALFORMED. Source: fabric-protos, msp/identities.proto. */
export function readIdentity(bytes: Uint8Array): Identity {
  const message = readMessage(bytes, { 1: 'text', 2: 'bytes' }, 'identity');
  return { mspId: message[1], certificate: readPem(fromUtf8(message[2]) ?? '') };
}

/** DER of the one certificate in a PEM text (RFC 7468). @throws {ProofError} CERTIFICATE_MALFORMED */
export function readPem(text: string): Uint8Array {
  const body = PEM.exec(text)?.[1]?.replace(/[\r\n]/g, '');
  const der = body === undefined ? undefined : fromBase64(body);
  if (der === undefined) throw new ProofError('CERTIFICATE_MALFORMED', 'one certificate in PEM is wanted');
  return der;
}

/** PEM as OpenSSL and Go write it: 64 characters a line, a line break at the end. */
export function writePem(der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Bytes of `msp.SerializedIdentity`. @param pem exactly as the identity's owner holds it */
export function encodeIdentity(mspId: string, pem: string): Uint8Array {
  return concat(field(1, utf8(mspId)), field(2, utf8(pem)));
}

/** A length-delimited protobuf field. @param number below 16 */
export function field(number: number, content: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2];
  let rest = content.length;
  while (rest >= 0x80) {
    head.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  head.push(rest);
  return concat(Uint8Array.from(head), content);
}
