import { type Actor, parseMspId, parseStoredActor } from './actor.js';
import { parseItemId, parseMatter } from './attestation-shapes.js';
import { parsePeriod } from './attestation-reconciliation.js';
import { ATTESTATION_STATES, type AttestationState } from './attestation-words.js';
import { type Holder, parseStoredHolder } from './custody.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import { type Fields, optional, readFields, readInstant, readRequest, readShape, readWord } from './fields.js';
import { type AttestationId, type EntryId, parseAttestationId, parseEntryId } from './ids.js';

/** Acts on one attestation, by the name of the chaincode event that tells of each. */
export const ATTESTATION_ACTS = [
  'attestation.requested',
  'attestation.deposited',
  'attestation.answered',
  'attestation.refused',
  'attestation.previewed',
  'attestation.accepted',
  'attestation.used',
  'attestation.closed',
  'attestation.withdrawn',
  'attestation.objected',
  'attestation.resolved',
  'attestation.purged',
] as const;
export type AttestationAct = (typeof ATTESTATION_ACTS)[number];

/** What an act left behind: all that a list with deadlines shows, and nothing about whom it concerns. */
export interface AttestationFacts {
  readonly attestationId: AttestationId;
  readonly actor: Actor;
  readonly txTime: string;
  readonly requester: Holder;
  readonly answerer: Holder;
  readonly itemId: string;
  readonly matter: string;
  readonly state: AttestationState;
  readonly dueAt: string;
  readonly escalateAt: string;
  readonly validUntil?: string;
  /** The answer, the refusal's code, the reason of a withdrawal: one word. */
  readonly code?: string;
  /** The objection that was filed or resolved. */
  readonly entryId?: EntryId;
  /** Decisions to be looked at again, salted digests of their file numbers. */
  readonly flagged?: readonly DigestHex[];
}

/** Payload of an event of the attestation contracts; the event's name is its `kind`. */
export type AttestationEvent =
  | ({ readonly kind: AttestationAct } & AttestationFacts)
  | {
      readonly kind: 'catalogue.published';
      readonly actor: Actor;
      readonly txTime: string;
      readonly itemId: string;
      readonly version: number;
    }
  | {
      readonly kind: 'reconciliation.posted';
      readonly actor: Actor;
      readonly txTime: string;
      readonly counterparty: string;
      readonly period: string;
    };

const COMMON = ['kind', 'actor', 'txTime'] as const;
const FACTS = [
  ...['attestationId', 'requester', 'answerer', 'itemId', 'matter', 'state', 'dueAt', 'escalateAt', 'validUntil'],
  ...['code', 'entryId', 'flagged'],
];

/** Names of all events of the attestation contracts. */
export const ATTESTATION_EVENT_KINDS = [...ATTESTATION_ACTS, 'catalogue.published', 'reconciliation.posted'] as const;

/** Whether an event's name is one of these contracts'. */
export function isAttestationEvent(name: string): boolean {
  return ATTESTATION_EVENT_KINDS.some((kind) => kind === name);
}

/**
 * Reads an event's payload, strictly, as `parseEvidenceEvent` does and for the same reason.
 * @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, ACTOR_MALFORMED
 */
export function parseAttestationEvent(value: unknown): AttestationEvent {
  const all = readRequest(value, [...COMMON, ...FACTS, 'version', 'counterparty', 'period'], 'event');
  const kind = readWord(all.kind, ATTESTATION_EVENT_KINDS, 'event.kind');
  const common = { actor: parseStoredActor(all.actor), txTime: readInstant(all.txTime, 'event.txTime') };
  switch (kind) {
    case 'catalogue.published': {
      const { itemId, version } = readFields(all, [...COMMON, 'itemId', 'version'], 'event');
      return { kind, ...common, itemId: parseItemId(itemId, 'event.itemId'), version: Number(version) };
    }
    case 'reconciliation.posted': {
      const { counterparty, period } = readFields(all, [...COMMON, 'counterparty', 'period'], 'event');
      return {
        kind,
        ...common,
        counterparty: parseMspId(counterparty, 'event.counterparty'),
        period: parsePeriod(period),
      };
    }
    default:
      return { kind, ...common, ...readFacts(readFields(all, [...COMMON, ...FACTS], 'event')) };
  }
}

function readFacts(fields: Fields): Omit<AttestationFacts, 'actor' | 'txTime'> {
  const { validUntil, code, entryId, flagged } = fields;
  return {
    attestationId: parseAttestationId(fields.attestationId),
    requester: parseStoredHolder(fields.requester, 'event.requester'),
    answerer: parseStoredHolder(fields.answerer, 'event.answerer'),
    itemId: parseItemId(fields.itemId, 'event.itemId'),
    matter: parseMatter(fields.matter, 'event.matter'),
    state: readWord(fields.state, ATTESTATION_STATES, 'event.state'),
    dueAt: readInstant(fields.dueAt, 'event.dueAt'),
    escalateAt: readInstant(fields.escalateAt, 'event.escalateAt'),
    ...optional('validUntil', validUntil === undefined ? undefined : readInstant(validUntil, 'event.validUntil')),
    ...optional(
      'code',
      code === undefined ? undefined : readShape(code, /^[A-Za-z_-]{2,40}$/, 'event.code', 'one word'),
    ),
    ...optional('entryId', entryId === undefined ? undefined : parseEntryId('AO', entryId)),
    ...optional('flagged', flagged === undefined ? undefined : readDigests(flagged)),
  };
}

function readDigests(value: unknown): readonly DigestHex[] {
  if (!Array.isArray(value)) throw new DomainError('REQUEST_MALFORMED', { where: 'event.flagged', wanted: 'a list' });
  return value.map(parseSaltedDigest);
}
