import { type Actor } from '../../domain/actor.js';
import { type Attestation } from '../../domain/attestation-record.js';
import { PAYLOAD_PARSERS, type PayloadPart, type PayloadReading } from '../../domain/attestation-payload.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type Party, partyOf } from './party-rules.js';
import { type PrivateStore, sha256 } from './private-store.js';

/** Pure. Values may be told about the fields that were asked for, and no others. @throws REQUEST_MALFORMED */
export function checkFields(values: Readonly<Record<string, string>> | undefined, fields: readonly string[]): void {
  if (Object.keys(values ?? {}).every((name) => fields.includes(name))) return;
  throw new DomainError('REQUEST_MALFORMED', { where: 'payload', wanted: 'only fields that were asked for' });
}

/** Pure. Which private parts a record names. */
export function partsOf(record: Attestation): readonly PayloadPart[] {
  return Object.keys(digestsOf(record)) as PayloadPart[];
}

/** Pure. What the chain holds of each private part. */
function digestsOf({ payloadDigest, answer, refusal, txId }: Attestation): {
  readonly [part in PayloadPart]?: DigestHex;
} {
  // What the contract's own check refused was never handed over.
  const handedOver = refusal === undefined || refusal.txId !== txId;
  return {
    ...(handedOver && { subject: payloadDigest }),
    ...(answer?.payloadDigest !== undefined && { answer: answer.payloadDigest }),
    ...(refusal?.payloadDigest !== undefined && { reason: refusal.payloadDigest }),
  };
}

/** Pure. Whether a side may have a part: the asking one has no answer before the holder released it. */
function isEntitled({ basis, preview }: Attestation, party: Party, part: PayloadPart): boolean {
  if (party === 'answerer' || part !== 'answer') return true;
  return basis === 'statutory-duty' || preview?.decision === 'released';
}

/**
 * The private parts that the caller's own organisation holds, each compared with what the chain says.
 * @throws ATTESTATION_NOT_PARTY
 */
export async function readPayloads(
  store: PrivateStore,
  record: Attestation,
  actor: Actor,
): Promise<readonly PayloadReading[]> {
  const party = partyOf(record, actor);
  if (party === undefined) throw new DomainError('ATTESTATION_NOT_PARTY', { wanted: 'requester or answerer' });
  const readings: PayloadReading[] = [];
  for (const [part, digest] of Object.entries(digestsOf(record)) as [PayloadPart, DigestHex][]) {
    if (isEntitled(record, party, part)) readings.push(await readPart(store, record, actor.mspId, part, digest));
  }
  return readings;
}

async function readPart(
  store: PrivateStore,
  { id, purge }: Attestation,
  mspId: string,
  part: PayloadPart,
  digest: DigestHex,
): Promise<PayloadReading> {
  if (purge !== undefined) return { part, digest, verdict: 'DELETED' };
  const bytes = await store.read(mspId, id, part);
  if (bytes === undefined) return { part, digest, verdict: 'MISSING' };
  if (sha256(bytes) !== digest) return { part, digest, verdict: 'ALTERED' };
  return { part, digest, verdict: 'INTACT', payload: PAYLOAD_PARSERS[part](Buffer.from(bytes).toString('utf8')) };
}
