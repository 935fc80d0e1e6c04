import { type AttestationAct } from './attestation-event.js';
import { type AttestationBasis, type AttestationPurpose } from './attestation-words.js';
import { type Holder } from './custody.js';
import { optional, readInstant, readRequest, readWord } from './fields.js';
import { type HolderKey, parseHolderKey } from './holder-key.js';
import { type AttestationId, type TxId } from './ids.js';
import { readSigned, type Signed, type TrailEntry } from './license-use.js';

/** One act on an attestation as the person concerned reads it: who asked whom, when, what for, and what came of it. */
export interface AttestationTrailEntry {
  readonly action: AttestationAct;
  readonly attestationId: AttestationId;
  /** Who asked, and gets the answer. */
  readonly receiver: Holder;
  /** Who was asked. */
  readonly answerer: Holder;
  /** 事项编码 */
  readonly matterCode: string;
  readonly purpose: AttestationPurpose;
  /** The provision that the asking unit named, and whether it needed consent. */
  readonly legalBasis: string;
  readonly basis: AttestationBasis;
  readonly fields: readonly string[];
  /** One word: the answer, the code of a refusal, the holder's decision, the reason of a withdrawal and so on. */
  readonly outcome: string;
  /** Whose act it was: a post. */
  readonly by: string;
  readonly txId: TxId;
  readonly txTime: string;
}

/** What happened with a person's licence or matter, newest first. */
export interface Trail {
  readonly entries: readonly (TrailEntry | AttestationTrailEntry)[];
  /** Set where older attestations were left out: `before` of the statement that asks for them. */
  readonly older?: string;
}

/** Asks for the attestations that named a key: the holder's own key for one matter. */
export interface MatterTrailStatement {
  readonly kind: 'attestation.trail';
  readonly holderKey: HolderKey;
  readonly notAfter: string;
  /** Only attestations that were asked for before this time. */
  readonly before?: string;
}

/** @throws REQUEST_MALFORMED */
export function parseSignedMatterTrail(value: unknown): Signed<MatterTrailStatement> {
  const { statement, signature } = readSigned(value);
  const fields = readRequest(statement, ['kind', 'holderKey', 'notAfter', 'before'], 'statement');
  const { before } = fields;
  return {
    statement: {
      kind: readWord(fields.kind, ['attestation.trail'] as const, 'kind'),
      holderKey: parseHolderKey(fields.holderKey, 'holderKey'),
      notAfter: readInstant(fields.notAfter, 'notAfter'),
      ...optional('before', before === undefined ? undefined : readInstant(before, 'before')),
    },
    signature,
  };
}
