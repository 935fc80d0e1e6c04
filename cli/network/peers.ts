import { type Command } from 'commander';

import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

/** Adds `network stop-peer`: the others go on, and gateways plan without it. */
export function addStopPeer(group: Command, shell: Shell): void {
  addVerb(group, 'stop-peer <peer>', 'stop one peer, such as peer0.org1.example.com').action(
    async (peer: string, options: CommonOptions) => {
      await stopPeer(folderOf(options).root, peer);
      shell.finish(options, {
        exit: EXIT.match,
        json: { peer, running: false },
        text: `${peer} 已停止 stopped`,
      });
    },
  );
}

/** Adds `network start-peer`: it has caught up when the command returns. */
export function addStartPeer(group: Command, shell: Shell): void {
  addVerb(group, 'start-peer <peer>', 'start a stopped peer; it catches up from another one').action(
    async (peer: string, options: CommonOptions) => {
      await startPeer(folderOf(options).root, peer);
      shell.finish(options, {
        exit: EXIT.match,
        json: { peer, running: true },
        text: `${peer} 已启动 started`,
      });
    },
  );
}
