import { type Attestation } from '../../domain/attestation-record.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { checkFields } from './payloads.js';
import { type PrivateStore } from './private-store.js';

/** Pure. The two organisations of an attestation. */
export function bothOf({ requester, item }: Attestation): readonly string[] {
  return [requester.mspId, item.mspId];
}

/** Gives the values that came with this proposal to organisations. @throws ATTESTATION_PAYLOAD, REQUEST_MALFORMED */
export async function handOver(
  store: PrivateStore,
  record: Attestation,
  digest: DigestHex,
  to: readonly string[],
): Promise<void> {
  const payload = store.received('answer', digest);
  checkFields(payload.fields, record.fields);
  await store.put(to, record.id, 'answer', payload);
}

/**
 * Whether the asked organisation holds what its answer names: its hash is known to all peers, so that both regions can
 * check it although only one has the values. @throws ATTESTATION_PAYLOAD
 */
export async function requireDeposit(store: PrivateStore, { id, item }: Attestation, digest: DigestHex): Promise<void> {
  if ((await store.digest(item.mspId, id, 'answer')) === digest) return;
  throw new DomainError('ATTESTATION_PAYLOAD', { part: 'answer', wanted: 'a deposit of the values first' });
}
