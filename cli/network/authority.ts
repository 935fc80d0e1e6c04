import { type Command } from 'commander';

import {
  publishRevocations,
  renewAuthority,
  retireAuthorities,
  revokeIdentity,
} from '../../network/manager/config-changes.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { wrap } from '../text.js';

interface Change {
  readonly verb: string;
  readonly about: string;
  readonly carryOut: (dataDir: string, organisation: string) => Promise<string>;
  /** Chinese, then English. */
  readonly done: readonly [string, string];
}

const CHANGES: readonly Change[] = [
  {
    verb: 'publish <organisation>',
    about: 'tell the channels what an authority has revoked',
    carryOut: publishRevocations,
    done: ['吊销列表已写入通道配置', 'its revocations are in the channels’ configuration'],
  },
  {
    verb: 'renew <organisation>',
    about: 'a new authority issues from now on; the one before stays valid until it is retired',
    carryOut: renewAuthority,
    done: [
      '新的证书机构已启用；各成员的新证书自下次启动时使用。',
      'has a new authority; its members use their new certificates from the next start on.',
    ],
  },
  {
    verb: 'retire <organisation>',
    about: 'take former authorities away: certificates of theirs are refused',
    carryOut: retireAuthorities,
    done: ['原证书机构已停用', 'has retired its former authorities'],
  },
];

/** Adds `network authority …`: what an organisation decides about its certificates while the network runs. */
export function addAuthority(group: Command, shell: Shell): void {
  const authority = group.command('authority').description('certificate authorities of a network that runs');
  for (const { verb, about, carryOut, done } of CHANGES) {
    addVerb(authority, verb, about).action(async (organisation: string, options: CommonOptions) => {
      const mspId = await carryOut(folderOf(options).root, organisation);
      const text = [`${mspId} ${done[0]}`, wrap(`${mspId}: ${done[1]}`)].join('\n');
      shell.finish(options, { exit: EXIT.match, json: { mspId, done: verb.split(' ')[0] }, text });
    });
  }
  addVerb(authority, 'revoke <identity>', 'take back what an identity holds, such as officer@org1.example.com')
    .option('--organisation <name>', 'whose it is; without it, the organisation of the name’s domain')
    .action(async (identity: string, options: CommonOptions & { readonly organisation?: string }) => {
      const mspId = await revokeIdentity(folderOf(options).root, identity, options.organisation);
      const text = `${identity} 的证书已吊销 is revoked, and the channels refuse it (${mspId})`;
      shell.finish(options, { exit: EXIT.match, json: { identity, mspId, revoked: true }, text: wrap(text) });
    });
}
