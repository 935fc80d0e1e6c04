import { type Holder } from '../../../../domain/custody.js';

/** One transaction as auditors see it (docs/formats/rest.md, Auditing). */
export interface AuditEvent {
  readonly blockNumber: number;
  readonly txIndex: number;
  readonly txId: string;
  readonly kind: string | null;
  readonly code: string;
  readonly evidenceId: string | null;
  readonly entryId: string | null;
  readonly successor: string | null;
  readonly details: Readonly<Record<string, string | boolean | Holder>> | null;
  readonly actor: string | null;
  readonly role: string | null;
  readonly org: string | null;
  readonly unit: string | null;
  readonly txTime: string | null;
  readonly endorsers: readonly string[];
}

/** How far an answer from the index may be relied on. */
export interface IndexState {
  readonly blocks: number;
  readonly live: boolean;
  readonly heardAt: string | null;
}
