import { type CertificateFacts } from '../../domain/actor.js';
import { type AttestationEvent, isAttestationEvent, parseAttestationEvent } from '../../domain/attestation-event.js';
import { type BatchEvent, BATCH_EVENT_KIND, parseBatchEvent } from '../../domain/batch.js';
import { CONSORTIUM_EVENT_KIND } from '../../domain/consortium.js';
import { type DomainError } from '../../domain/errors.js';
import { type EvidenceEvent, parseEvidenceEvent } from '../../domain/evidence-event.js';
import { optional } from '../../domain/fields.js';
import { isLicenseEventKind, type LicenseEvent, parseLicenseEvent } from '../../domain/license-event.js';
import { type ActDetails, type AuditEvent } from '../openapi/types.js';
import { type LedgerBlock } from '../ledger/block.js';
import { type LedgerTransaction } from '../ledger/transaction.js';

/**
 * The rows that a block adds to the index, one for each transaction, valid or not. Pure: the same block gives the same
 * rows, which is why the index may be deleted and rebuilt.
 * @param chaincode whose events are read; those of others are not ours to understand.
 * @throws the codes of {@link parseEvidenceEvent} where a *valid* transaction carries an event that is not known: the
 * index must not go on without it. An invalid one's event is a claim that nobody endorsed, and may be anything.
 */
export function projectBlock(block: LedgerBlock, chaincode: string): AuditEvent[] {
  return block.transactions.map((transaction) => ({
    blockNumber: block.number,
    txIndex: transaction.index,
    txId: transaction.txId,
    code: transaction.code,
    ...readAct(transaction, chaincode),
    ...readSigner(transaction.creator),
    txTime: transaction.time ?? null,
    endorsers: transaction.endorsers,
  }));
}

function readSigner(
  creator: CertificateFacts | undefined,
): Pick<AuditEvent, 'actor' | 'role' | 'org' | 'unit' | 'region'> {
  if (creator === undefined) return { actor: null, role: null, org: null, unit: null, region: null };
  const { commonName = null, role = null, mspId, unit = null, region = null } = creator;
  return { actor: commonName, role, org: mspId, unit, region };
}

type Act = Pick<AuditEvent, 'kind' | 'evidenceId' | 'entryId' | 'successor' | 'details'>;

const NO_ACT: Act = { kind: null, evidenceId: null, entryId: null, successor: null, details: null };

function readAct({ type, chaincode: name, event, code }: LedgerTransaction, chaincode: string): Act {
  if (type === 'config') return { ...NO_ACT, kind: 'config' };
  if (event === undefined || name !== chaincode) return NO_ACT;
  if (event.name === CONSORTIUM_EVENT_KIND) return { ...NO_ACT, kind: CONSORTIUM_EVENT_KIND };
  try {
    if (isLicenseEventKind(event.name)) return licenseActOf(parseLicenseEvent(event.payload));
    if (isAttestationEvent(event.name)) return attestationActOf(parseAttestationEvent(event.payload));
    if (event.name === BATCH_EVENT_KIND) return actOf(parseBatchEvent(event.payload));
    return actOf(parseEvidenceEvent(event.payload));
  } catch (refusal) {
    if (code === 'VALID') throw refusal as DomainError;
    return NO_ACT;
  }
}

function actOf(event: EvidenceEvent | BatchEvent): Act {
  return {
    kind: event.kind,
    evidenceId: event.evidenceId,

    entryId: 'entryId' in event ? event.entryId : null,
    successor: 'successor' in event ? event.successor : null,
    details: detailsOf(event),
  };
}

function licenseActOf(event: LicenseEvent): Act {
  const { kind, licenseId = null, entryId = null, successor = null, typeCode, operation, status } = event;
  const details = {
    ...optional('typeCode', typeCode),
    ...optional('operation', operation),
    ...optional('status', status),
  };
  return { kind, evidenceId: licenseId, entryId, successor, details };
}

function detailsOf(event: EvidenceEvent | BatchEvent): ActDetails {
  switch (event.kind) {
    case BATCH_EVENT_KIND:
    case 'evidence.registered':
    case 'evidence.superseded':
      return { evidenceKind: event.evidenceKind };
    case 'evidence.objected':
      return { ground: event.ground };
    case 'evidence.decided':
      return { decision: event.decision };
    case 'evidence.handed-over':
      return { from: event.from, to: event.to, purpose: event.purpose };
    case 'evidence.transfer-answered':
      return { from: event.from, to: event.to, answer: event.answer };
    case 'evidence.accessed':
      return { purpose: event.purpose, changed: event.changed };
  }
}

function attestationActOf(event: AttestationEvent): Act {
  const { kind } = event;
  switch (kind) {
    case 'catalogue.published':
      return { ...NO_ACT, kind, details: { itemId: event.itemId } };
    case 'reconciliation.posted':
      return { ...NO_ACT, kind, details: { counterparty: event.counterparty, period: event.period } };
    default: {
      const { attestationId: evidenceId, requester: from, answerer: to, itemId, matter, state, code } = event;
      const details = { from, to, itemId, matter, state, ...optional('code', code) };
      return { ...NO_ACT, kind, evidenceId, entryId: event.entryId ?? null, details };
    }
  }
}
