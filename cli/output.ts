import { DomainError } from '../domain/errors.js';
import { ManagerError } from '../network/manager/manager-error.js';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode, refusalExit } from './exit-codes.js';
import { COLUMNS, wrap } from './text.js';

/** Where a command writes; a test gives its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person watches the error stream: progress bars and colours are for them alone. */
  readonly interactive: boolean;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (text) => {
    process.stdout.write(text);
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
}

/** Writes an outcome in the form that was asked for. */
export function tell(terminal: Terminal, json: boolean, outcome: Outcome): ExitCode {
  terminal.out(json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text}\n`);
  return outcome.exit;
}

/** What stands in the error's JSON and lines. */
interface Refusal {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly exit: ExitCode;
}

/**
 * The one place where an error becomes an exit code: a refusal is told by its code and what was wanted, on standard
 * error, as one JSON line `{"error":{"code",…details}}` with `--json`; a bug is told whole.
 */
export function tellError(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const { code, details, exit } = readRefusal(error);
  if (json) {
    terminal.err(`${JSON.stringify({ error: { code, ...details } })}\n`);
  } else {
    const lines = Object.entries(details).map(([name, value]) => wrap(`${name}: ${value}`, COLUMNS - 2, '    '));
    terminal.err(`yinzheng: ${code}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
  return exit;
}

function readRefusal(error: unknown): Refusal {
  if (error instanceof DomainError || error instanceof CliError) {
    return { code: error.code, details: error.details, exit: refusalExit(error.code) };
  }
  if (error instanceof ManagerError) {
    const exit = error.code === 'TOPOLOGY_IN_FORCE' ? EXIT.usage : EXIT.cannotDecide;
    return { code: error.code, details: error.details, exit };
  }
  if (isTopologyError(error)) return { code: error.code, details: { reason: error.message }, exit: EXIT.usage };
  return {
    code: 'BUG',
    details: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    exit: EXIT.bug,
  };
}

function isTopologyError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && error.code === 'TOPOLOGY_INVALID';
}
