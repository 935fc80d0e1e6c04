import { createHash } from 'node:crypto';
import { type Actor } from '../../domain/actor.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type EntryId, type EntryPrefix, type EvidenceId, idFromDigest, type RequestId } from '../../domain/ids.js';

/** The id of the record a request makes: the same caller and request id give the same id on every peer and retry. */
export function deriveEvidenceId({ mspId, unit, name }: Actor, requestId: RequestId): EvidenceId {
  return idFromDigest('EV', digestOf([mspId, unit, name, requestId]));
}

/** The id of the record that a batch request makes: never that of a single record, whatever the request ids. */
export function deriveBatchId({ mspId, unit, name }: Actor, requestId: RequestId): EvidenceId {
  return idFromDigest('EV', digestOf(['batch', mspId, unit, name, requestId]));
}

/** The id of an entry about a record. Request ids of entries are scoped to their record. */
export function deriveEntryId(
  prefix: EntryPrefix,
  { mspId, unit, name }: Actor,
  { evidenceId, requestId }: { readonly evidenceId: EvidenceId; readonly requestId: RequestId },
): EntryId {
  return idFromDigest(prefix, digestOf([mspId, unit, name, evidenceId, requestId]));
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}
