import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeAtomically } from './atomic-file.js';
import { type NetworkChange } from './network-change.js';
import { answerFile, type CommandAnswer, commandFile, type PendingCommand } from './operator-command.js';

/** The part of a network that an operator's commands reach. */
interface Operated<Plan> {
  stopPeer(name: string): Promise<void>;
  startPeer(name: string): Promise<void>;
  deploy(plan: Plan): Promise<void>;
  change(plan: Plan, change: NetworkChange): Promise<void>;
}

interface Desk<Plan> {
  /** The data folder, absolute. */
  readonly folder: string;
  /** The data folder's plan as it is now. */
  readonly readPlan: () => Plan;
  readonly onBug: (error: unknown) => void;
}

/**
 * Carries out the operator's commands: one waits in the run folder whenever SIGHUP comes. Commands are carried out one
 * after the other, and each is answered by a file.
 */
export function serveCommands<Plan>(network: Operated<Plan>, { folder, readPlan, onBug }: Desk<Plan>): void {
  const runFolder = join(folder, 'run');
  let turn: Promise<void> = Promise.resolve();
  process.on('SIGHUP', () => {
    turn = turn
      .then(async () => {
        const command = JSON.parse(readFileSync(commandFile(runFolder), 'utf8')) as PendingCommand;
        const answer = await answerTo(command, () => carryOut(network, readPlan, command));
        writeAtomically(answerFile(runFolder), JSON.stringify(answer));
      })
      .catch(onBug);
  });
}

async function carryOut<Plan>(network: Operated<Plan>, readPlan: () => Plan, command: PendingCommand): Promise<void> {
  switch (command.verb) {
    case 'stop-peer':
      return network.stopPeer(command.peer);
    case 'start-peer':
      return network.startPeer(command.peer);
    case 'deploy':
      return network.deploy(readPlan());
    case 'change':
      return network.change(readPlan(), command.change);
  }
}

async function answerTo({ id }: PendingCommand, work: () => Promise<void>): Promise<CommandAnswer> {
  try {
    await work();
    return { id };
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    const message = cause instanceof Error ? cause.message : String(cause);
    return { id, error: { code: typeof code === 'string' ? code : 'COMMAND_FAILED', message } };
  }
}
