import { resolve } from 'node:path';

import { withFolderLock } from './folder-lock.js';
import { networkProcess, runFolder } from './network.js';
import { sendCommand } from './operator-command.js';

/**
 * Stops one peer of a running network, as if its machine had been switched off.
 * @param peer its name, `peer0.chongqing.example`. @throws NETWORK_NOT_RUNNING, COMMAND_REFUSED, FOLDER_BUSY
 */
export async function stopPeer(dataDir: string, peer: string): Promise<void> {
  await command(dataDir, 'stop-peer', peer);
}

/** Starts a peer that was stopped; returns when it has caught up. @throws as `stopPeer` */
export async function startPeer(dataDir: string, peer: string): Promise<void> {
  await command(dataDir, 'start-peer', peer);
}

async function command(dataDir: string, verb: 'stop-peer' | 'start-peer', peer: string): Promise<void> {
  const folder = resolve(dataDir);
  await withFolderLock(runFolder(folder), () => sendCommand(networkProcess(folder), runFolder(folder), { verb, peer }));
}
