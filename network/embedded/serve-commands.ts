import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../manager/atomic-file.js';
import { answerFile, type CommandAnswer, commandFile, type PendingCommand } from '../manager/operator-command.js';
import { type NetworkPlan } from '../plan/plan.js';
import { type EmbeddedNetwork } from './network.js';

/**
 * Carries out the operator's commands: one waits in the run folder whenever SIGHUP comes. Commands are carried out one
 * after the other, and each is answered by a file. @param folder the data folder, absolute.
 */
export function serveCommands(network: EmbeddedNetwork, folder: string, onBug: (error: unknown) => void): void {
  const runFolder = join(folder, 'run');
  let turn: Promise<void> = Promise.resolve();
  process.on('SIGHUP', () => {
    turn = turn
      .then(async () => {
        const command = JSON.parse(readFileSync(commandFile(runFolder), 'utf8')) as PendingCommand;
        const answer = await answerTo(command, () => carryOut(network, folder, command));
        writeAtomically(answerFile(runFolder), JSON.stringify(answer));
      })
      .catch(onBug);
  });
}

/** The data folder's plan. @throws the file system's error where there is none */
export function readPlanFile(folder: string): NetworkPlan {
  return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as NetworkPlan; // Written by the manager alone.
}

async function carryOut(network: EmbeddedNetwork, folder: string, command: PendingCommand): Promise<void> {
  switch (command.verb) {
    case 'stop-peer':
      return network.stopPeer(command.peer);
    case 'start-peer':
      return network.startPeer(command.peer);
    case 'deploy':
      return network.deploy(readPlanFile(folder));
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
