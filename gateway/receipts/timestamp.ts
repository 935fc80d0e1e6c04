import { createHash, randomBytes } from 'node:crypto';

import { ContentInfo, id_signedData, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  MessageImprint,
  PKIStatus,
  TimeStampReq,
  TimeStampReqVersion,
  TimeStampResp,
  TSTInfo,
} from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

import { DomainError } from '../../domain/errors.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';

/** SHA-256 (RFC 5754 section 2.2). */
const SHA256 = '2.16.840.1.101.3.4.2.1';
const NONCE_BYTES = 16;
const DEADLINE_MS = 5_000;
const TOKEN_BYTES_MAX = 65_536;
const NOTHING = new ArrayBuffer(0);

/**
 * Has an authority stamp bytes, over HTTP (RFC 3161 section 3.4).
 * @param url of the authority, `http://` or `https://`. @param stamped what the token is to be about.
 * @returns `TimeStampToken` in DER, whose imprint and nonce are those asked for. Who signed it is for verifiers to
 * judge, by the trust root. @throws UNVERIFIABLE_NOW where the authority does not answer so
 */
export async function requestTimestamp(url: string, stamped: Uint8Array): Promise<Uint8Array> {
  const digest = createHash('sha256').update(stamped).digest();
  const nonce = randomBytes(NONCE_BYTES);
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40; // Positive, and the shortest form of itself.
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: encodeRequest(digest, nonce),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!response.ok) throw new Error(`the time-stamping authority answered ${response.status}`);
    return readToken(await readBounded(response), digest, nonce);
  } catch (cause) {
    throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'a time-stamp', retryAfter: RETRY_AFTER_S }, { cause });
  }
}

function encodeRequest(digest: Uint8Array, nonce: Uint8Array): ArrayBuffer {
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
      hashedMessage: new OctetString(digest),
    }),
    nonce: Uint8Array.from(nonce).buffer,
    certReq: true,
  });
  return AsnConvert.serialize(request);
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > TOKEN_BYTES_MAX) throw new Error('the time-stamp is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @throws {Error} where it is refused, or about something else, or an old answer shown again */
function readToken(bytes: Uint8Array, digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const { status, timeStampToken } = AsnConvert.parse(bytes, TimeStampResp);
  const granted = status.status === PKIStatus.granted || status.status === PKIStatus.grantedWithMods;
  if (!granted || timeStampToken?.contentType !== id_signedData) throw new Error('the time-stamp was not granted');
  const { encapContentInfo } = AsnConvert.parse(timeStampToken.content, SignedData);
  const info = AsnConvert.parse(encapContentInfo.eContent?.single?.buffer ?? NOTHING, TSTInfo);
  if (!isAbout(info, digest, nonce)) throw new Error('a time-stamp of another request');
  return new Uint8Array(AsnConvert.serialize(timeStampToken));
}

/** When the authority says that it stamped, RFC 3339. @param token `TimeStampToken` in DER. @throws {Error} */
export function readStampedTime(token: Uint8Array): string {
  const { content } = AsnConvert.parse(token, ContentInfo);
  const { encapContentInfo } = AsnConvert.parse(content, SignedData);
  return AsnConvert.parse(encapContentInfo.eContent?.single?.buffer ?? NOTHING, TSTInfo).genTime.toISOString();
}

function isAbout({ messageImprint, nonce: echoed }: TSTInfo, digest: Uint8Array, nonce: Uint8Array): boolean {
  const { hashAlgorithm, hashedMessage } = messageImprint;
  const imprint = hashAlgorithm.algorithm === SHA256 && Buffer.from(hashedMessage.buffer).equals(digest);
  return imprint && Buffer.from(echoed ?? NOTHING).equals(nonce);
}
