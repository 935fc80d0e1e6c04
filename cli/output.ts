import { DomainError } from '../domain/errors.js';
import { ManagerError, type ManagerErrorCode } from '../network/manager/manager-error.js';
import { CliError } from './cli-error.js';
import { detailLabel, errorWording } from './error-words.js';
import { EXIT, type ExitCode, refusalExit } from './exit-codes.js';
import { printable, printableJson, printableLines } from './printable.js';
import { COLUMNS, wrap } from './text.js';

/** Where a command writes; a test gives its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  /** Bytes to standard output, as they are. */
  readonly bytes: (bytes: Uint8Array) => void;
  readonly err: (text: string) => void;
  /** Whether a person watches the error stream: progress bars and colours are for them alone. */
  readonly interactive: boolean;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (text) => {
    process.stdout.write(text);
  },
  bytes: (bytes) => {
    process.stdout.write(bytes);
  },
  err: (text) => {
    process.stderr.write(text);
  },
  interactive: process.stderr.isTTY,
};

/** What a command says at its end. */
export interface Outcome {
  readonly exit: ExitCode;
  /** For `--json`: the one JSON value on standard output. */
  readonly json: object;
  /** Otherwise: lines for people, within 80 columns. */
  readonly text: string;
  /** For people, on standard error: what failed after what `text` tells was done. `json` holds it as well. */
  readonly problem?: string;
}

/** Writes an outcome in the form that was asked for. */
export function tell(terminal: Terminal, json: boolean, outcome: Outcome): ExitCode {
  const text = json ? printableJson(outcome.json) : printableLines(outcome.text);
  if (text !== '') terminal.out(`${text}\n`);
  if (!json && outcome.problem !== undefined) terminal.err(`${printableLines(outcome.problem)}\n`);
  return outcome.exit;
}

/** What stands in the error's JSON and lines. */
interface Refusal {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly exit: ExitCode;
}

/**
 * The one place where an error becomes an exit code: a refusal is told by its code, in words, and by what was wanted, on
 * standard error, as one JSON line `{"error":{"code",…details}}` with `--json`; a bug is told whole.
 */
export function tellError(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const { code, details, exit } = readRefusal(error);
  terminal.err(`${json ? printableJson({ error: { code, ...details } }) : errorText(code, details)}\n`);
  return exit;
}

/**
 * An error in both forms, for a command that tells it beside what it had done before.
 * @param more facts that stand beside the error's own details.
 */
export function describeError(
  error: unknown,
  more: Refusal['details'],
): { readonly json: object; readonly text: string; readonly exit: ExitCode } {
  const { code, details, exit } = readRefusal(error);
  const all = { ...details, ...more };
  return { json: { code, ...all }, text: errorText(code, all), exit };
}

function errorText(code: string, details: Refusal['details']): string {
  const words = errorWording(code);
  const sentences = words === undefined ? [] : [words.zh, words.en];
  const facts = Object.entries(details).map(([name, value]) =>
    code === 'BUG' ? printableLines(String(value)) : printable(`${detailLabel(name)}: ${value}`),
  );
  const lines = [...sentences, ...facts].map((line) => `  ${wrap(line, COLUMNS - 2, '    ')}`);
  return [`yinzheng: ${code}`, ...lines].join('\n');
}
/** Where the command asked for what cannot be, or was refused; all else leaves open what is the case. */
const MANAGER_EXITS: Partial<Record<ManagerErrorCode, ExitCode>> = {
  TOPOLOGY_IN_FORCE: EXIT.usage,
  DEPLOY_REFUSED: EXIT.usage,
  CHANGE_REFUSED: EXIT.usage,
  NODE_UNKNOWN: EXIT.usage,
  FOLDER_NOT_EMPTY: EXIT.usage,
  FOLDER_EMPTY: EXIT.usage,
  COMMAND_REFUSED: EXIT.no,
  NETWORK_NOT_RUNNING: EXIT.no,
  NETWORK_RUNNING: EXIT.no,
  SNAPSHOT_BROKEN: EXIT.no,
};

function readRefusal(error: unknown): Refusal {
  if (error instanceof DomainError || error instanceof CliError) {
    return { code: error.code, details: error.details, exit: refusalExit(error.code) };
  }
  if (error instanceof ManagerError) {
    return { code: error.code, details: error.details, exit: MANAGER_EXITS[error.code] ?? EXIT.cannotDecide };
  }
  if (isTopologyError(error)) return { code: error.code, details: { reason: error.message }, exit: EXIT.usage };
  if (isDiskError(error)) {
    const { code, path } = error;
    const details = { reason: code, ...(path === undefined ? {} : { file: path }) };
    return { code: 'DISK_REFUSED', details, exit: EXIT.cannotDecide };
  }
  return {
    code: 'BUG',
    details: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    exit: EXIT.bug,
  };
}

function isTopologyError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && error.code === 'TOPOLOGY_INVALID';
}

/** What the system answers where there is no room, or no right, to read or write; nobody's bug. */
const DISK_ERRORS: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO'];

function isDiskError(error: unknown): error is { readonly code: string; readonly path?: string } {
  const { syscall, code } = (error ?? {}) as { readonly syscall?: unknown; readonly code?: unknown };
  return typeof syscall === 'string' && typeof code === 'string' && DISK_ERRORS.includes(code);
}
