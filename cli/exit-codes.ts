import { type ErrorCode } from '../domain/errors.js';
import { type Verdict } from '../domain/verdict.js';
import { type CliErrorCode } from './cli-error.js';

/** What `yinzheng` tells a shell. The numbers are public API. 64 and 70 are those of BSD's sysexits. */
export const EXIT = {
  /** Done, or the file matches. */
  match: 0,
  /** The answer is no: mismatch, not found, refused, not running. */
  no: 1,
  /** Nobody could look: never to be read as "not found". */
  cannotDecide: 2,
  /** The command line was not understood, or named a file that cannot be read. */
  usage: 64,
  /** A bug of ours. */
  bug: 70,
} as const;

/** One of the values of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const VERDICT_EXITS = {
  MATCH: EXIT.match,
  MATCH_SUPERSEDED: EXIT.match,
  MATCH_CONTESTED: EXIT.match, // An objection alone changes nothing about the digest (requirement R15).
  MATCH_ANNULLED: EXIT.no, // A court decided that the record is not relied on, so no script should.
  MISMATCH: EXIT.no,
  NOT_FOUND: EXIT.no,
  UNVERIFIABLE_NOW: EXIT.cannotDecide,
} as const satisfies Record<Verdict, ExitCode>;

/** Exit code of `verify`; held by test/unit/cli/exit-codes.test.ts. */
export function verdictExit(verdict: Verdict): ExitCode {
  return VERDICT_EXITS[verdict];
}

/** Codes after which the outcome or the answer is unknown; every other refusal of the ledger is a plain no. */
const UNDECIDED: readonly (ErrorCode | CliErrorCode)[] = [
  'UNVERIFIABLE_NOW',
  'OUTCOME_UNKNOWN',
  'ORDERERS_UNAVAILABLE',
  'LEDGER_BUSY',
  'OUTBOX_FULL',
  'RATE_EXCEEDED',
  'CONSORTIUM_UNSET',
  'NETWORK_DOWN',
  'REPLY_MALFORMED',
];
/** What was asked for has no meaning, so nobody looked: a script must not read it as "not found". */
const MISUSE: readonly (ErrorCode | CliErrorCode)[] = [
  'USAGE',
  'USER_UNKNOWN',
  'FILE_UNREADABLE',
  'REQUEST_MALFORMED',
  'DIGEST_MALFORMED',
  'ALGORITHM_REFUSED',
  'ID_MALFORMED',
];

/** Exit code of a command that was refused with this code. */
export function refusalExit(code: ErrorCode | CliErrorCode): ExitCode {
  if (UNDECIDED.includes(code)) return EXIT.cannotDecide;
  return MISUSE.includes(code) ? EXIT.usage : EXIT.no;
}
