import { type EvidenceKind, type Interest } from '../../../../domain/evidence.js';
import { type ErrorDetails } from '../../../../domain/errors.js';
import { optional } from '../../../../domain/fields.js';
import { type DeclaredStatements, type RegisterRequest } from '../../../../gateway/openapi/types.js';
import { type Salted } from '../../desk/salted.js';
import { type ProblemCode } from '../../api/problem.js';
import { type PageDigests } from '../../hashing/hash-file.js';

/** What is said of all files of one drop; a line that nobody filled is left out and reads 未说明. */
export interface Declared {
  readonly kind: EvidenceKind;
  readonly interest?: Interest;
  readonly statements: DeclaredStatements;
  /** The case number, in clear on this machine alone, and what of it goes to the chain. */
  readonly case?: Salted & { readonly text: string };
}

/**
 * `hashing` is being read, or was when the page was left; `ready` may be sent; `sent` was sent and its answer is not known,
 * so that it is sent again under its key; `recorded`; `known` was recorded by the unit before; `refused` for good.
 */
export type Stage = 'hashing' | 'ready' | 'sent' | 'recorded' | 'known' | 'refused';

/** A record that a file has on the chain. */
export interface RecordPlace {
  readonly id: string;
  readonly txId: string;
  readonly blockNumber: number | null;
  /** The receipt, base64 of its `.yz` bytes, where the gateway sent it along. */
  readonly receipt?: string;
}

/** One file of the clerk's desk, as this browser keeps it until it is cleared away. Never a byte of the file. */
export interface QueuedFile {
  /** The idempotency key under which it is recorded, whatever happens in between. */
  readonly requestId: string;
  /** Whose certificate signs: another user never sends it. */
  readonly user: string;
  /** Place in the list. */
  readonly order: number;
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** 申报时间, RFC 3339: when the file was last changed. */
  readonly claimedAt: string;
  readonly declared: Declared;
  readonly stage: Stage;
  readonly digests?: PageDigests;
  /** Record it although the unit has done so before. */
  readonly again?: boolean;
  readonly record?: RecordPlace;
  readonly problem?: { readonly code: ProblemCode; readonly details: ErrorDetails };
}

/** Whether there is nothing left to do. */
export function isSettled({ stage }: QueuedFile): boolean {
  return stage === 'recorded' || stage === 'known';
}

/** Whether it may be sent, for the first time or again. */
export function isSendable({ stage, digests }: QueuedFile): boolean {
  return digests !== undefined && (stage === 'ready' || stage === 'sent' || stage === 'refused');
}

/** 申报时间 of a file: when it was last changed. A clock that was ahead then must not make it a claim about the future. */
export function claimedTimeOf({ lastModified }: File): string {
  return new Date(Math.min(lastModified, Date.now())).toISOString();
}

/** What is sent of a file, new or corrected: digests and declarations. Neither its name nor its bytes. */
export function registrationOf(digests: PageDigests, claimedAt: string, declared: Declared): RegisterRequest {
  const { kind, interest, statements, case: salted } = declared;
  return {
    digests,
    kind,
    claimedAt,
    statements,
    ...optional('interest', interest),
    ...optional('caseReference', salted?.digest),
  };
}
