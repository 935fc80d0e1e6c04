import { createHash } from 'node:crypto';
import { type AttestedAbsence, type AttestedRecord } from '../../../domain/attestation.js';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { type Evidence, parseRegisterRequest } from '../../../domain/evidence.js';
import { parseEvidenceId, parseTxId } from '../../../domain/ids.js';

/** The file that every record here is about. */
export const FILE = Buffer.from('本合同一式两份。\n');

const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/** Digests of {@link FILE}. */
export const FILE_DIGESTS = { 'sha-256': digest('sha256', FILE), sm3: digest('sm3', FILE) } as const;

/** A record as the contract stores it. */
export function recordOf(more: Partial<Evidence> = {}): Evidence {
  const request = parseRegisterRequest({
    requestId: '3f2c1a52-7c1e-4f0a-9a57-0c9d1f6f5a10',
    digests: FILE_DIGESTS,
    kind: 'document',
    claimedAt: '2026-05-30T08:00:00Z',
    statements: { source: 'own-system', notarised: 'no' },
    interest: 'none',
  });
  return {
    ...request,
    schema: 'evidence/1',
    id: parseEvidenceId(`EV${'9c74'.repeat(8)}`),
    submitter: {
      mspId: 'ChongqingMSP',
      name: 'clerk01',
      role: 'clerk',
      unit: '重庆某法院',
      region: '500000',
    },
    txId: parseTxId('ab'.repeat(32)),
    txTime: '2026-05-31T08:00:00.000Z',
    ...more,
  };
}

/** Bytes of a record in the state. */
export function storedBytes(record: Evidence): Buffer {
  return Buffer.from(canonicalJson(record));
}

/** The contract's answer about a record. */
export function answerOf(record: Evidence, more: Partial<AttestedRecord> = {}): AttestedRecord {
  return {
    schema: 'attestation/1',
    subject: ['evidence', record.id],
    heartbeat: '2026-06-01T07:59:58.000Z',
    found: true,
    record: digest('sha256', storedBytes(record)),
    recordedAt: record.txTime,
    standing: 'MATCH',
    digests: record.digests,
    ...more,
  };
}

/** The contract's answer that nothing is recorded for the file's SHA-256. */
export function absenceOf(): AttestedAbsence {
  return { schema: 'attestation/1', subject: ['digest', 'sha-256', FILE_DIGESTS['sha-256']], found: false };
}
