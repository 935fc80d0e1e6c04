import { resolve } from 'node:path';

import { type Command } from 'commander';

import {
  addConsenter as add,
  addOrganisation as admit,
  removeConsenter,
  renewPeer,
} from '../../network/manager/change-network.js';
import { EXIT } from '../exit-codes.js';
import { readTextFile } from '../read-text.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { wrap } from '../text.js';

/** Adds `network org add`: a further organisation on a channel that runs. */
export function addOrganisation(group: Command, shell: Shell): void {
  const org = group.command('org').description('organisations of a network that runs');
  addVerb(org, 'add <file>', 'add an organisation; the file is one entry of a topology’s organisations').action(
    async (file: string, options: CommonOptions) => {
      const { mspId, peers } = await admit(folderOf(options).root, readTextFile(resolve(file)));
      const text = [
        `${mspId} 已加入通道 joined the channel: ${peers} peer(s)`,
        wrap('yinzheng up 启动其网关。 yinzheng up starts its gateway.'),
        wrap(
          '再由管理员将其列为成员，其用户方可写入。 Then an administrator makes it a member, so that its users may write: ' +
            'yinzheng consortium configure --as admin@…',
        ),
      ].join('\n');
      shell.finish(options, { exit: EXIT.match, json: { mspId, peers }, text });
    },
  );
}

/** Adds `network peer renew`: new keys and certificates for one peer. */
export function addPeer(group: Command, shell: Shell): void {
  const peers = group.command('peer').description('peers of a network that runs');
  addVerb(peers, 'renew <peer>', 'new keys and certificates for a peer, such as peer0.org1.example.com').action(
    async (peer: string, options: CommonOptions) => {
      await renewPeer(folderOf(options).root, peer);
      shell.finish(options, {
        exit: EXIT.match,
        json: { peer, renewed: true },
        text: `${peer} 已换发证书并重启 has new certificates and was restarted`,
      });
    },
  );
}

/** Adds `network consenter add | remove`: who orders, with Fabric's own programs. */
export function addConsenter(group: Command, shell: Shell): void {
  const consenters = group.command('consenter').description('orderers whose quorum orders (--engine fabric)');
  const tell = (options: CommonOptions, consenter: string, takesPart: boolean): void => {
    const done = takesPart ? '已参与排序 orders' : '已退出排序 orders no more';
    const next = '先写入一笔交易，再停其他排序节点。 Commit something before another orderer is stopped.';
    const text = `${consenter} ${done}\n${wrap(next)}`;
    shell.finish(options, { exit: EXIT.match, json: { consenter, takesPart }, text });
  };
  addVerb(consenters, 'add <name>', 'add one, ordererN.orderer.<domain of a member>').action(
    async (name: string, options: CommonOptions) => {
      await add(folderOf(options).root, name);
      tell(options, name, true);
    },
  );
  addVerb(consenters, 'remove <name>', 'take one out; four must stay').action(
    async (name: string, options: CommonOptions) => {
      await removeConsenter(folderOf(options).root, name);
      tell(options, name, false);
    },
  );
}
