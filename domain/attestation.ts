import { type DigestHex, type DigestMap } from './digests.js';
import { type EvidenceId, type TxId } from './ids.js';
import { type MatchVerdict } from './verdict.js';

/** What became of a record since it was made, as its verdicts name it. */
export const STANDINGS = ['recorded', 'superseded', 'contested', 'annulled'] as const;
export type Standing = (typeof STANDINGS)[number];

/** The standing that a verdict on a record means. */
export const STANDING_OF = {
  MATCH: 'recorded',
  MATCH_SUPERSEDED: 'superseded',
  MATCH_CONTESTED: 'contested',
  MATCH_ANNULLED: 'annulled',
} as const satisfies Record<MatchVerdict, Standing>;

/** What organisations sign about a record that is there, in as few bytes as carry a proof. */
export interface AttestedRecord {
  readonly found: true;
  readonly digests: DigestMap;
  /** SHA-256 of the record's canonical JSON (RFC 8785, `Evidence`), lower-case hex. */
  readonly record: DigestHex;
  readonly standing: Standing;
  /** The record that corrects this one. */
  readonly supersededBy?: EvidenceId;
}

/**
 * Answer of `proof:record`, canonical JSON; a miss is an answer, because Fabric endorses no errors, so organisations
 * can sign an absence. The record's id is not repeated: the call's argument and the keys that were read name it.
 */
export type RecordAttestation = AttestedRecord | { readonly found: false };

/** Answer of `proof:digest`: the records of one digest under one algorithm, sorted, at most {@link ATTESTED_IDS_MAX}. */
export type DigestAttestation =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly ids: readonly EvidenceId[];
      /** Whether there are more than are named. */
      readonly more: boolean;
    };

/** Records that one answer of `proof:digest` names at most. */
export const ATTESTED_IDS_MAX = 20;

/** Least time between two heartbeats, milliseconds of transaction time: asking more often writes nothing. */
export const HEARTBEAT_MS_MIN = 1_000;

/**
 * A key that is written again and again and means nothing by its value: whoever signs a read of it shows how far the
 * own ledger has come, by the version that the read set names.
 */
export interface Heartbeat {
  readonly schema: 'heartbeat/1';
  readonly txId: TxId;
  readonly txTime: string;
}
