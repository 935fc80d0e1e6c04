import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command, CommanderError } from 'commander';

import { packageRoot } from '../network/manager/package-root.js';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { ONE_MACHINE_NOTICE } from '../domain/wording.js';
import { processTerminal, tell, tellError, type Terminal } from './output.js';
import { printableLines } from './printable.js';
import { type Shell } from './shell.js';
import { addLicense } from './license/group.js';
import { addAttest } from './attest/group.js';
import { addNetwork } from './network/group.js';
import { COLUMNS, wrap } from './text.js';
import { addAnswer } from './verbs/answer.js';
import { addAudit } from './verbs/audit.js';
import { addConsortium } from './verbs/consortium.js';
import { addDecide } from './verbs/decide.js';
import { addDoctor } from './verbs/doctor.js';
import { addDown } from './verbs/down.js';
import { addExplain } from './verbs/explain.js';
import { addGateway } from './verbs/gateway.js';
import { addHandover } from './verbs/handover.js';
import { addObject } from './verbs/object.js';
import { addJob } from './verbs/job.js';
import { addReceipt } from './verbs/receipt.js';
import { addStatus } from './verbs/status.js';
import { addSubmit } from './verbs/submit.js';
import { addToken } from './verbs/token.js';
import { addTrustRoot } from './verbs/trust-root.js';
import { addUp } from './verbs/up.js';
import { addVerify } from './verbs/verify.js';

const VERBS = [
  addUp,
  addDown,
  addStatus,
  addSubmit,
  addVerify,
  addAudit,
  addToken,
  addObject,
  addDecide,
  addHandover,
  addAnswer,
  addJob,
  addReceipt,
  addExplain,
  addTrustRoot,
  addConsortium,
  addGateway,
  addDoctor,
  addNetwork,
  addLicense,
  addAttest,
] as const;

/**
 * Runs one command line.
 * @param argv arguments after the program's name. @returns the exit code; nothing is thrown.
 */
export async function run(argv: readonly string[], terminal: Terminal = processTerminal): Promise<ExitCode> {
  const json = argv.includes('--json');
  let exit: ExitCode = EXIT.match;
  const shell: Shell = {
    terminal,
    finish: (options, outcome) => {
      exit = tell(terminal, options.json === true, outcome);
    },
  };
  try {
    await createProgram(shell).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellError(terminal, json, error);
    if (error.exitCode === 0) return EXIT.match; // Help was asked for and written.
    return tellError(terminal, json, new CliError('USAGE', { wanted: usageOf(error), help: 'yinzheng --help' }));
  }
}

function createProgram(shell: Shell): Command {
  const program = new Command('yinzheng')
    .description(
      '印证链：存证、核验、审计。\nRecords digests of evidence, verifies files against them, and audits who did what.',
    )
    .version(readVersion(), '--version', 'the version of this program')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        shell.terminal.out(printableLines(text));
      },
      writeErr: () => undefined, // Misuse is told once, by `tellError`.
    })
    .configureHelp({ helpWidth: COLUMNS, minWidthToWrap: 20 })
    .addHelpText('after', `\n${wrap(ONE_MACHINE_NOTICE.zh)}\n${wrap(ONE_MACHINE_NOTICE.en)}`);
  for (const add of VERBS) add(program, shell);
  return program;
}

function readVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Commander's own sentence, without its prefix; a bare `yinzheng` makes it show its help and say nothing. */
function usageOf({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'a verb';
  return message.replace(/^error: /, '').replaceAll('\n', ' ');
}
