import { type Command } from 'commander';

import {
  type Actor,
  type Bodies,
  type ConfiguredConsortium,
  type Consortium,
  type KnownConsortium,
} from '../../gateway/openapi/types.js';
import { openCaller, readOrganisations } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readGateways } from '../gateways.js';
import { callGateway } from '../rest-client.js';
import { readObject, readText, textOf, type Unread } from '../rest-answers.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { requireSigner } from '../users.js';

const PATH = '/v1/consortium';

interface ConfigureOptions extends CommonOptions {
  readonly as?: string;
  readonly member?: readonly string[];
}

/** Adds `consortium show | configure`: the organisations that the contracts accept. */
export function addConsortium(program: Command, shell: Shell): void {
  const group = program.command('consortium').description('the organisations that the contracts accept');
  addVerb(group, 'show', 'the members, as the ledger has them').action(async (options: CommonOptions) => {
    const present = await readPresent(options);
    const configured = present.configured === true;
    shell.finish(options, {
      exit: configured ? EXIT.match : EXIT.no,
      json: present,
      text: configured ? table(present) : '联盟尚未配置 not configured yet',
    });
  });
  addVerb(group, 'configure', 'set the members; as a rule after an organisation joined the channel')
    .option('--as <user>', 'an administrator who signs (required), such as admin@chongqing')
    .option('--member <mspId...>', 'all members; default: all organisations of the network in this folder')
    .addHelpText(
      'after',
      `\n${wrap('现有成员过半数的节点须背书。 Peers of a majority of the present members must endorse it.')}`,
    )
    .action(async (options: ConfigureOptions) => {
      const { status, body, user } = await configure(options);
      const consortium = readObject<Consortium>(body.consortium, 'consortium');
      const done = status === 201 ? '联盟成员已配置 the members are set' : '名单未变 these are the members already';
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, changed: status === 201, as: user },
        text: [done, table(consortium)].join('\n'),
      });
    });
}

async function configure(options: ConfigureOptions) {
  const folder = folderOf(options);
  const organisations = readOrganisations(folder);
  const caller = await openCaller(folder, requireSigner(organisations, options.as, ['admin']));
  const members = options.member ?? organisations.map(({ mspId }) => mspId);
  if (options.member === undefined) checkNoneIsLost(await readPresent(options), members);
  const answer = await caller.call<ConfiguredConsortium>({
    method: 'POST',
    path: PATH,
    body: { members } satisfies Bodies['configureConsortium'],
  });
  return { ...answer, user: caller.user.name };
}

/** Whoever names nobody means to add: a member that this folder does not know is not dropped in silence. @throws USAGE */
function checkNoneIsLost({ members }: Unread<KnownConsortium>, wanted: readonly string[]): void {
  const lost = (Array.isArray(members) ? members : []).filter((member) => !wanted.includes(textOf(member)));
  if (lost.length === 0) return;
  throw new CliError('USAGE', {
    option: '--member',
    wanted: `all members by name, because this folder does not know ${lost.map(textOf).join(', ')}`,
  });
}

async function readPresent(options: CommonOptions): Promise<Unread<KnownConsortium>> {
  const folder = folderOf(options);
  const [gateway] = readGateways(folder) ?? [];
  if (gateway === undefined) {
    throw new CliError('NETWORK_DOWN', { data: folder.root, wanted: 'a network that runs: yinzheng up --detach' });
  }
  return (await callGateway<KnownConsortium>(gateway.url, { method: 'GET', path: PATH })).body;
}

function table(consortium: Unread<Consortium>): string {
  const { members, configuredBy } = consortium;
  const { name, mspId } = readObject<Actor>(configuredBy, 'configuredBy');
  return fields([
    ['成员 members', (Array.isArray(members) ? members : []).map(textOf).join(' ')],
    ['配置者 by', `${textOf(name)} · ${textOf(mspId)}`],
    ['交易 tx', readText(consortium.txId, 'txId')],
    ['时间 time', textOf(consortium.txTime)],
  ]);
}
