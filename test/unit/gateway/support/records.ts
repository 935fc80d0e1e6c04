import { type Actor } from '../../../../domain/actor.js';
import { type DigestHex } from '../../../../domain/digests.js';
import { type EvidenceEvent } from '../../../../domain/evidence-event.js';
import { type EvidenceView } from '../../../../domain/evidence-view.js';
import { parseRegisterRequest } from '../../../../domain/evidence.js';
import { type EntryId, type EvidenceId, idFromDigest, type TxId } from '../../../../domain/ids.js';
import { type Objection } from '../../../../domain/objection.js';
import { hash, viewOf } from './fake-ledger.js';

/** The clerk who signs where nothing else is said. */
export const CLERK: Actor = {
  mspId: 'ChongqingMSP',
  name: 'clerk-07',
  role: 'clerk',
  unit: '11500000000000000A',
  region: '500000',
};

/** An officer of another organisation. */
export const OFFICER: Actor = { ...CLERK, mspId: 'ZhejiangMSP', name: 'officer-03', role: 'officer', region: '330200' };

/** SHA-256 of a text as a digest. */
export function digestOf(text: string): DigestHex {
  return hash(text) as DigestHex;
}

/** A record's id, the same for the same name. */
export function evidenceId(name: string): EvidenceId {
  return idFromDigest('EV', hash(name));
}

/** A body of `POST /v1/evidence` for a file of this content. */
export function registerBody(content: string): Record<string, unknown> {
  return { digests: { 'sha-256': hash(content) }, kind: 'document', claimedAt: '2026-03-01T08:00:00Z' };
}

/** A record of a file of this content, as the chain holds it. */
export function recordView(name: string, content: string, more: Partial<EvidenceView> = {}): EvidenceView {
  const request = parseRegisterRequest({ ...registerBody(content), requestId: '3f2c1a52-7c1e-4f0a-9a57-0c9d1f6f5a10' });
  return viewOf({ ...request, id: evidenceId(name), submitter: CLERK, txId: hash(`tx ${name}`) as TxId }, more);
}

/** An objection that waits for its decision. */
export function objectionTo(name: string): Objection {
  return {
    schema: 'objection/1',
    id: idFromDigest('OB', hash(`objection ${name}`)),
    requestId: '3f2c1a52-7c1e-4f0a-9a57-0c9d1f6f5a11' as Objection['requestId'],
    evidenceId: evidenceId(name),
    ground: 'source-disputed',
    objector: OFFICER,
    txId: hash(`objection tx ${name}`) as TxId,
    txTime: '2026-03-02T08:00:00.000Z',
  };
}

const COMMON = { actor: CLERK, txTime: '2026-03-01T08:30:00.000Z' } as const;

/** The event of a registration. */
export function registered(name: string): EvidenceEvent {
  const digests = { 'sha-256': digestOf(name) };
  return { kind: 'evidence.registered', evidenceId: evidenceId(name), ...COMMON, digests, evidenceKind: 'document' };
}

/** The event of a correction. */
export function superseded(name: string, successor: string): EvidenceEvent {
  return { ...registered(name), kind: 'evidence.superseded', successor: evidenceId(successor) } as EvidenceEvent;
}

/** The event of an access. */
export function accessed(name: string): EvidenceEvent {
  const entryId: EntryId = idFromDigest('AC', hash(`access ${name}`));
  return {
    kind: 'evidence.accessed',
    evidenceId: evidenceId(name),
    ...COMMON,
    entryId,
    purpose: 'examination',
    changed: false,
  };
}
