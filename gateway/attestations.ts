import { createHash } from 'node:crypto';

import { type AttestationPayload } from '../domain/attestation-payload.js';
import { type Attestation, type AttestationResult } from '../domain/attestation-record.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { DomainError } from '../domain/errors.js';
import { type AttestationId, type RequestId } from '../domain/ids.js';
import { type Ledger, type Written } from './ledger/port.js';

/** Writes of the attestation contracts, by `contract:transaction`. */
export const ATTESTATION_WRITES = [
  'catalogue:publish',
  'attestation:request',
  'attestation:deposit',
  'attestation:answer',
  'attestation:refuse',
  'attestation:preview',
  'attestation:accept',
  'attestation:use',
  'attestation:close',
  'attestation:withdraw',
  'attestation:purge',
  'attestation-objection:file',
  'attestation-objection:resolve',
  'reconciliation:post',
] as const;
export type AttestationWrite = (typeof ATTESTATION_WRITES)[number];

/** One write with what goes beside its arguments. */
export interface AttestationCall {
  readonly user: string;
  readonly name: AttestationWrite;
  readonly request: { readonly requestId: RequestId };
  /** Goes as transient data, to the peers of {@link organisations} alone. */
  readonly payload?: AttestationPayload;
  /** MSP ids whose peers endorse; without it the network's own plan decides. */
  readonly organisations?: readonly string[];
}

/** What was stored, and where on the chain that happened. */
export type StoredObject = Omit<Written, 'result'> & { readonly value: Readonly<Record<string, unknown>> };

/** SHA-256 of a payload's canonical JSON, as the contract computes it. */
export function digestOfPayload(payload: AttestationPayload): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/** Submits one write as its caller. @throws as {@link Ledger.submit}; {Error} for a payload without named peers: a bug of ours */
export async function writeAttestation(
  ledger: Ledger,
  { user, name, request, payload, organisations }: AttestationCall,
): Promise<StoredObject> {
  if (payload !== undefined && organisations === undefined) throw new Error('a private payload without its peers');
  const { result, ...written } = await ledger.submit({
    user,
    transaction: name,
    args: [canonicalJson(request)],
    ...(payload !== undefined && { transient: { payload: canonicalJson(payload) } }),
    ...(organisations !== undefined && { organisations }),
    writtenBy: (text) => writerOf(JSON.parse(text) as object, request.requestId),
  });
  return { ...written, value: JSON.parse(result) as Record<string, unknown> };
}

/** The transaction of the step that a request took: steps stand in their record, each with its request id. */
function writerOf(stored: object, requestId: RequestId): string | undefined {
  const members: readonly unknown[] = Object.values(stored);
  const steps = [stored, ...members].filter(
    (each): each is { readonly requestId?: unknown; readonly txId?: unknown } =>
      typeof each === 'object' && each !== null,
  );
  const txId = steps.find((step) => step.requestId === requestId)?.txId;
  return typeof txId === 'string' ? txId : undefined;
}

/** @throws ATTESTATION_NOT_FOUND and as {@link Ledger.evaluate} */
export async function getAttestation(
  ledger: Ledger,
  user: string,
  id: AttestationId,
): Promise<Extract<AttestationResult, { found: true }>> {
  const result = JSON.parse(
    await ledger.evaluate({ user, transaction: 'attestation:get', args: [id] }),
  ) as AttestationResult;
  if (!result.found) throw new DomainError('ATTESTATION_NOT_FOUND', { id });
  return result;
}

/** The two organisations whose peers must endorse every change of an attestation. */
export function partiesOf({ requester, item }: Attestation): readonly string[] {
  return [requester.mspId, item.mspId];
}
