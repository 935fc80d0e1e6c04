import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { readIfThere, writeAtomically } from './atomic-file.js';
import { type ManagedProcess } from './managed-process.js';
import { ManagerError } from './manager-error.js';
import { type NetworkChange } from './network-change.js';
import { pollFor } from './poll.js';

/** What an operator may ask of a network that runs. */
export type OperatorCommand =
  | { readonly verb: 'stop-peer' | 'start-peer'; readonly peer: string }
  /** Take over the chaincodes of `plan.json` as it lies in the folder now. */
  | { readonly verb: 'deploy' }
  /** Become what `plan.json` says now, by this change. */
  | { readonly verb: 'change'; readonly change: NetworkChange };

/** The command that waits in a network's run folder. */
export type PendingCommand = OperatorCommand & { readonly id: string };

/** What the network's process answered; `error` where it refused. */
export interface CommandAnswer {
  readonly id: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Milliseconds for starting a chaincode's servers, or for a peer to catch up on a long chain. */
const answerMs = 300_000;

/** Path of the command that waits, below the run folder. One command at a time: whoever writes it holds the folder's lock. */
export function commandFile(runFolder: string): string {
  return join(runFolder, 'command.json');
}

/** Path of the answer to the last command. */
export function answerFile(runFolder: string): string {
  return join(runFolder, 'answer.json');
}

/**
 * Gives a command to a network's process and waits for its answer. A file and a signal, so that no port is open to
 * whoever else uses the machine. @throws NETWORK_NOT_RUNNING, COMMAND_REFUSED with the network's own code and words,
 * PROCESS_TIMEOUT
 */
export async function sendCommand(
  process_: ManagedProcess,
  runFolder: string,
  command: OperatorCommand,
): Promise<void> {
  const running = process_.find();
  if (running === undefined) throw new ManagerError('NETWORK_NOT_RUNNING', { folder: runFolder });
  const pending: PendingCommand = { ...command, id: randomUUID() };
  writeAtomically(commandFile(runFolder), JSON.stringify(pending));
  process.kill(running.pid, 'SIGHUP');
  const answer = await pollFor(answerMs, () => {
    if (process_.pid === undefined) throw new ManagerError('NETWORK_NOT_RUNNING', { log: process_.logFile });
    return readAnswer(runFolder, pending.id);
  });
  if (answer === undefined) throw new ManagerError('PROCESS_TIMEOUT', { process: 'network', timeoutMs: answerMs });
  const { error } = answer;
  if (error !== undefined) throw new ManagerError('COMMAND_REFUSED', { reason: error.code, message: error.message });
}

function readAnswer(runFolder: string, id: string): CommandAnswer | undefined {
  const text = readIfThere(answerFile(runFolder));
  const answer = text === undefined ? undefined : (JSON.parse(text) as CommandAnswer); // Written in one piece.
  return answer?.id === id ? answer : undefined;
}
