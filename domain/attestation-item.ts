import { type Actor, parseMspId } from './actor.js';
import {
  parseFieldNames,
  parseItemId,
  parseMatter,
  parseProvision,
  readInteger,
  readSet,
} from './attestation-shapes.js';
import { ATTESTATION_BASES, type AttestationBasis, SHAREABILITIES, type Shareability } from './attestation-words.js';
import { MEMBERS_MAX } from './consortium.js';
import { optional, readFlag, readRequest, readWord } from './fields.js';
import { parseRequestId, type RequestId, type TxId } from './ids.js';
import { parseUnitCode, type UnitCode } from './unit-code.js';

/** Most matters one item names. */
export const MATTERS_MAX = 50;
/** Longest time limit of an item, calendar days. Working days would need a calendar that the chain does not have. */
export const ANSWER_DAYS_MAX = 90;

/** What an organisation publishes: an item of its 责任清单, which others may ask it to attest. */
export interface PublishItemRequest {
  readonly requestId: RequestId;
  readonly itemId: string;
  /** 责任单位: whose officers answer. */
  readonly unit: UnitCode;
  readonly shareability: Shareability;
  /** The provision that lets the item be shared, or forbids it. */
  readonly legalBasis: string;
  /** Names of the fields that may be asked for, sorted. */
  readonly fields: readonly string[];
  /** 事项编码 that the item may be asked for, sorted. */
  readonly matters: readonly string[];
  /** Bases of which a request needs one; a `conditional` item's condition. */
  readonly bases: readonly AttestationBasis[];
  /** MSP ids that may ask; absent, every member may. */
  readonly requesters?: readonly string[];
  /** Calendar days within which an answer is due, and days after that until the delay is escalated. */
  readonly answerDays: number;
  readonly escalateDays: number;
  /** True where the item concerns licences of this chain, so that a request names one. */
  readonly licence: boolean;
  /**
   * Set where what is attested is that a licence is let go to another region: 办理转出, status 06. Whoever uses such an
   * attestation names the licence that takes the old one over (转入).
   */
  readonly transferOut?: true;
}

/** An item as it stands in the catalogue; a later publication takes the place of an earlier one for new requests. */
export interface AttestationItem extends PublishItemRequest {
  readonly schema: 'attestation-item/1';
  /** The organisation that answers. */
  readonly mspId: string;
  /** From 1. */
  readonly version: number;
  readonly publisher: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** A miss is an answer, as in `GetResult`. */
export type ItemResult = { readonly found: false } | ({ readonly found: true } & AttestationItem);

/** One page of an organisation's catalogue. */
export interface ItemPage {
  readonly items: readonly AttestationItem[];
  readonly bookmark?: string;
}

const MEMBERS = [
  ...['requestId', 'itemId', 'unit', 'shareability', 'legalBasis', 'fields', 'matters', 'bases', 'requesters'],
  ...['answerDays', 'escalateDays', 'licence', 'transferOut'],
];

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parsePublishItemRequest(value: unknown): PublishItemRequest {
  const fields = readRequest(value, MEMBERS);
  const { requesters } = fields;
  return {
    requestId: parseRequestId(fields.requestId),
    itemId: parseItemId(fields.itemId),
    unit: parseUnitCode(fields.unit, 'unit'),
    shareability: readWord(fields.shareability, SHAREABILITIES, 'shareability'),
    legalBasis: parseProvision(fields.legalBasis, 'legalBasis'),
    fields: parseFieldNames(fields.fields),
    matters: readSet(fields.matters, 'matters', MATTERS_MAX, (matter) => parseMatter(matter, 'matters')),
    bases: readSet(fields.bases, 'bases', ATTESTATION_BASES.length, (basis) =>
      readWord(basis, ATTESTATION_BASES, 'bases'),
    ),
    answerDays: readInteger(fields.answerDays, 'answerDays', 1, ANSWER_DAYS_MAX),
    escalateDays: readInteger(fields.escalateDays, 'escalateDays', 0, ANSWER_DAYS_MAX),
    licence: readFlag(fields.licence, 'licence'),
    ...(readFlag(fields.transferOut, 'transferOut') && { transferOut: true as const }),
    ...optional(
      'requesters',
      requesters === undefined
        ? undefined
        : readSet(requesters, 'requesters', MEMBERS_MAX, (mspId) => parseMspId(mspId, 'requesters')),
    ),
  };
}
