import { type TxId } from './ids.js';

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
