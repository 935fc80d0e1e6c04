import { type Actor } from '../../domain/actor.js';
import { type StepRequest } from '../../domain/attestation-steps.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type AttestationId, type EntryId, idFromDigest, type RequestId } from '../../domain/ids.js';
import { sha256 } from './private-store.js';

/** The id of the attestation that a request asks for: the same on every peer and retry. */
export function deriveAttestationId({ mspId, unit, name }: Actor, requestId: RequestId): AttestationId {
  return idFromDigest('AT', sha256(canonicalJson(['attestation', mspId, unit, name, requestId])));
}

/** The id of an objection; request ids of objections are scoped to their attestation. */
export function deriveObjectionId({ mspId, unit, name }: Actor, { attestationId, requestId }: StepRequest): EntryId {
  return idFromDigest('AO', sha256(canonicalJson([mspId, unit, name, attestationId, requestId])));
}
