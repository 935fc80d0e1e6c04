import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Command } from 'commander';

import { type Wording } from '../../domain/wording.js';
import { ManagerError } from '../../network/manager/manager-error.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { type DataFolder, dataFolder } from '../data-folder.js';
import { type ExistingNetwork, prepareGateway } from '../existing-network.js';
import { addExistingOptions, type ExistingOptions, readExisting } from '../existing-options.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../printable.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { wrap } from '../text.js';

/** What the gateway's doctor writes; see gateway/doctor/finding.ts. */
interface Diagnosis {
  readonly gateways: readonly { readonly name: string; readonly findings: readonly Finding[] }[];
}

interface Finding {
  readonly check: string;
  readonly of: string;
  readonly health: 'ok' | 'warning' | 'broken' | 'skipped';
  readonly found: Wording;
  readonly mend?: Wording;
}

const doctorMs = 120_000;
const MARKS: Readonly<Record<Finding['health'], string>> = {
  ok: '[ok]',
  warning: '[! ]',
  broken: '[NO]',
  skipped: '[--]',
};
const CHECK_WORDS: Readonly<Record<string, string>> = {
  profile: '连接配置 profile',
  key: '私钥 key',
  chain: '证书链 chain',
  expiry: '有效期 expiry',
  attributes: '属性 attributes',
  peer: '节点 peer',
  'tls-expiry': 'TLS 有效期 TLS expiry',
  msp: '通道 channel',
  clock: '时钟 clock',
  definition: '链码定义 definition',
  contract: '合约 contract',
  index: '索引 index',
};

/** Adds `doctor`: what a gateway lacks, one line each with the mend. Exit code 1 where something is broken. */
export function addDoctor(program: Command, shell: Shell): void {
  const verb = addVerb(program, 'doctor', 'what a gateway lacks, and how it is mended; changes nothing');
  addExistingOptions(verb).action(async (options: CommonOptions & ExistingOptions) => {
    const network = readExisting(options);
    const { gateways } = network === undefined ? await ofFolder(folderOf(options)) : await ofNetwork(network);
    const broken = gateways.some(({ findings }) => findings.some(({ health }) => health === 'broken'));
    shell.finish(options, {
      exit: broken ? EXIT.no : EXIT.match,
      json: { ok: !broken, gateways },
      text: [
        ...gateways.flatMap(({ name, findings }) => [`== ${name}`, ...findings.map(line)]),
        broken ? '有问题，见上 something is broken, see above' : '没有问题 nothing is broken',
      ].join('\n'),
    });
  });
}

function line({ check, of, health, found, mend }: Finding): string {
  const what = `${MARKS[health]} ${CHECK_WORDS[check] ?? check} ${of}: ${found.zh} ${found.en}`;
  const how = mend === undefined ? '' : ` → ${mend.zh}。 ${mend.en}.`;
  return wrap(printable(what + how), undefined, '     ');
}

/** Every gateway of a data folder. @throws FOLDER_EMPTY */
async function ofFolder(folder: DataFolder): Promise<Diagnosis> {
  const names = existsSync(folder.gateways)
    ? readdirSync(folder.gateways).filter((name) => name.endsWith('.json'))
    : [];
  if (names.length === 0) {
    throw new ManagerError('FOLDER_EMPTY', {
      folder: folder.root,
      wanted: 'a data folder with gateways, or --profile, --msp and --channel',
    });
  }
  return diagnose(names.sort().map((name) => join(folder.gateways, name)));
}

/** A gateway that is not there yet: prepared in a folder that goes again. */
async function ofNetwork(network: ExistingNetwork): Promise<Diagnosis> {
  const root = mkdtempSync(join(tmpdir(), 'yinzheng-doctor-'));
  try {
    return await diagnose([prepareGateway(dataFolder(root), network).configFile]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The doctor is part of the gateway, which alone speaks Fabric; it runs as a process of its own. */
async function diagnose(configs: readonly string[]): Promise<Diagnosis> {
  const program = join(packageRoot(), 'dist', 'gateway', 'doctor', 'main.js');
  const parameters = configs.flatMap((file) => ['--config', file]);
  const run = promisify(execFile);
  try {
    const { stdout } = await run(process.execPath, [program, ...parameters], { timeout: doctorMs });
    return JSON.parse(stdout) as Diagnosis;
  } catch (cause) {
    const reason = (cause as { stderr?: string }).stderr?.trim() ?? '';
    throw new ManagerError('PROCESS_FAILED', { process: 'doctor', reason: reason.slice(0, 300) }, { cause });
  }
}
