import { createHash } from 'node:crypto';

import { type Request } from 'express';

import { type DigestHex, HASH_ALGORITHMS, type HashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { optional, readFields, readInstant } from '../../domain/fields.js';
import { fromBase64 } from '../../proof/bytes.js';
import { RECEIPT_MEDIA_TYPE } from '../../proof/format/receipt.js';
import { type Question as ReceiptQuestion } from '../../proof/verify/verify-receipt.js';
import { hashBody, readBody } from '../http/streamed-body.js';
import { type GatewayLimits } from '../config.js';
import { type AskedDigests, parseQuestion } from '../verification.js';

const FILE_MEDIA_TYPE = 'application/octet-stream';
/** Names that `node:crypto` has for the digests. */
const HASHES: Readonly<Record<HashAlgorithm, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512', sm3: 'sm3' };

/** A receipt to be judged, and what is asked of it. */
export interface AskedReceipt {
  readonly bytes: Uint8Array;
  readonly question: ReceiptQuestion;
}

/**
 * The receipt that a request brings: as it is, with `asOf` in the query; or in JSON,
 * `{receipt: base64, digests?, asOf?}`. @returns `undefined` where it brings none. @throws REQUEST_MALFORMED,
 * REQUEST_TOO_LARGE, ALGORITHM_REFUSED, DIGEST_MALFORMED
 */
export async function readAskedReceipt(request: Request, limits: GatewayLimits): Promise<AskedReceipt | undefined> {
  if (request.is(RECEIPT_MEDIA_TYPE) !== false) {
    const { asOf } = readFields(request.query, ['asOf'], 'query');
    return { bytes: await readBody(request, limits.receiptBodyBytes), question: asOfQuestion(asOf) };
  }
  const body = request.body as unknown;
  if (typeof body !== 'object' || body === null || !('receipt' in body)) return undefined;
  const { receipt, digests, asOf } = readFields(body, ['receipt', 'digests', 'asOf'], 'body');
  const bytes = typeof receipt === 'string' ? fromBase64(receipt) : undefined;
  if (bytes === undefined) throw new DomainError('REQUEST_MALFORMED', { where: 'receipt', wanted: 'base64' });
  const file = digests === undefined ? undefined : parseQuestion({ digests }).digests;
  return { bytes, question: { ...asOfQuestion(asOf), ...optional('file', file) } };
}

/** Digests of the file that is the request's body; nothing of it is kept. @returns `undefined` where it is none. */
export async function hashAskedFile(request: Request, limits: GatewayLimits): Promise<AskedDigests | undefined> {
  if (request.is(FILE_MEDIA_TYPE) === false) return undefined;
  const hashes = HASH_ALGORITHMS.map((name) => createHash(HASHES[name]));
  await hashBody(request, limits.fileBodyBytes, hashes);
  return Object.fromEntries(HASH_ALGORITHMS.map((name, index) => [name, hashes[index]?.digest('hex') as DigestHex]));
}

function asOfQuestion(asOf: unknown): ReceiptQuestion {
  return asOf === undefined ? {} : { asOfMs: Date.parse(readInstant(asOf, 'asOf')) };
}
