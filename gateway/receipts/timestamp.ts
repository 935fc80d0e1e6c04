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
import { platformCrypto } from '../../proof/crypto/signature.js';
import { type TimestampAuthority } from '../../proof/trust/trust-root.js';
import { runStep } from '../../proof/verify/finding.js';
import { checkTimestamp } from '../../proof/verify/timestamp.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';

/** SHA-256 (RFC 5754 section 2.2). */
const SHA256 = '2.16.840.1.101.3.4.2.1';
const NONCE_BYTES = 16;
const DEADLINE_MS = 5_000;
const TOKEN_BYTES_MAX = 65_536;
const NOTHING = new ArrayBuffer(0);

/** A time-stamping authority: where it is asked, and what its tokens must lead to. */
export interface Stamper {
  /** `http://` or `https://`. */
  readonly url: string;
  readonly authority: TimestampAuthority;
}

/**
 * Has an authority stamp bytes, over HTTP (RFC 3161 section 3.4). A token is judged as every verifier will, before it
 * becomes part of a receipt that stands for ever. @param stamped what the token is to be about.
 * @returns `TimeStampToken` in DER. @throws UNVERIFIABLE_NOW where the authority gives none; INVALID_TIMESTAMP with
 * `reason`, TOKEN_NONCE or a code of docs/formats/receipt.md, for one that would not hold
 */
export async function requestTimestamp({ url, authority }: Stamper, stamped: Uint8Array): Promise<Uint8Array> {
  const nonce = randomBytes(NONCE_BYTES);
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40; // Positive, and the shortest form of itself.
  const token = await askToken(url, createHash('sha256').update(stamped).digest(), nonce);
  const finding = await runStep('timestamp', async () => ({
    proved: await checkTimestamp(token, stamped, [authority], platformCrypto()),
  }));
  const reason =
    finding.proved === undefined ? finding.finding.code : nonceOf(token).equals(nonce) ? '' : 'TOKEN_NONCE';
  if (reason !== '') throw new DomainError('INVALID_TIMESTAMP', { reason });
  return token;
}

async function askToken(url: string, digest: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: encodeRequest(digest, nonce),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!response.ok) throw new Error(`the time-stamping authority answered ${response.status}`);
    return readToken(await readBounded(response));
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

/** @throws {Error} where it is refused or cannot be read */
function readToken(bytes: Uint8Array): Uint8Array {
  const { status, timeStampToken } = AsnConvert.parse(bytes, TimeStampResp);
  const granted = status.status === PKIStatus.granted || status.status === PKIStatus.grantedWithMods;
  if (!granted || timeStampToken?.contentType !== id_signedData) throw new Error('the time-stamp was not granted');
  return new Uint8Array(AsnConvert.serialize(timeStampToken));
}

/** When the authority says that it stamped, RFC 3339. @param token `TimeStampToken` in DER. @throws {Error} */
export function readStampedTime(token: Uint8Array): string {
  return readInfo(token).genTime.toISOString();
}

/** An old answer shown again has the nonce of an old request. */
function nonceOf(token: Uint8Array): Buffer {
  return Buffer.from(readInfo(token).nonce ?? NOTHING);
}

function readInfo(token: Uint8Array): TSTInfo {
  const { content } = AsnConvert.parse(token, ContentInfo);
  const { encapContentInfo } = AsnConvert.parse(content, SignedData);
  return AsnConvert.parse(encapContentInfo.eContent?.single?.buffer ?? NOTHING, TSTInfo);
}
