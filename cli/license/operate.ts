import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { optional } from '../../domain/fields.js';
import { type SaltedValues } from '../../domain/license-fields.js';
import { type LicenseId, parseLicenseId } from '../../domain/license-id.js';
import { type Caller } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readObject, readText } from '../rest-answers.js';
import { saltText } from '../salt.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { digestOfValue, type HolderFile, readHolderFile, saltValue, writeHolderFile } from './holder-file.js';
import { keepValues } from './keep.js';
import { addSignedVerb, collect, openSigner, readPairs, readUnit, type SignerOptions } from './options.js';

interface OperateOptions extends SignerOptions {
  readonly ending?: string;
  readonly effective?: string;
  readonly document?: string;
  readonly from?: string;
  readonly to?: string;
  readonly holder?: string;
  readonly field: readonly string[];
  readonly transferTo?: string;
}

const HELP = `
Operations: 02 延续 renew, 03 暂扣 suspend, 04 过期 expire, 05 end (--ending 03 撤销 annul,
04 注销 cancel, 06 转出 transfer, 07 吊销 revoke), 06 发还 give back, 07 其他 other, 09 变更 change,
10 取消转出 call back a transfer. 02 and 09 make the next version: they take --from,
--to, --holder and --field; its values are kept, and the holder's file goes on to it.`;

/** Adds `license operate ID OPERATION`: changes the status, as the issuing authority or its superior. */
export function addLicenseOperate(group: Command, shell: Shell): void {
  addSignedVerb(group, 'operate <id> <operation>', 'change the status: 02 to 07, 09, 10')
    .option('--ending <status>', 'with 05: 03, 04, 06 or 07')
    .option('--effective <time>', 'when it takes effect, RFC 3339 (default: now)')
    .option('--document <number>', 'number of the decision; only its salted digest is recorded, the salt given back')
    .option('--from <day>', "the next version's first day")
    .option('--to <day>', "the next version's last day")
    .option('--holder <file>', "the holder's file, whose values stay the same in the next version but for --field")
    .option('--field <name=value>', 'a field that changes, repeatable', collect, [])
    .option('--transfer-to <MSP:unit>', 'who may take it over, with --ending 06')
    .addHelpText('after', HELP)
    .action(async (text: string, operation: string, options: OperateOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const document = options.document === undefined ? undefined : saltText(options.document);
      const transferTo = options.transferTo === undefined ? undefined : readUnit(options.transferTo, '--transfer-to');
      const caller = await openSigner(options, ['issuer']);
      const next = nextFace(options);
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/operations`,
        idempotencyKey: options.request ?? randomUUID(),
        body: {
          operation,
          ...optional('ending', options.ending),
          ...optional('effectiveFrom', options.effective),
          ...optional('documentDigest', document?.digest),
          ...optional('face', next?.face),
          ...optional('transferTo', transferTo),
        },
      });
      const stored = readObject(body.stored, 'stored');
      const licenseId = parseLicenseId(stored.licenseId, { legacy: true });
      if (next !== undefined) await keepNext(caller, licenseId, next);
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, as: caller.user.name, ...optional('kept', document) },
        text: [
          '证照操作已登记 done',
          fields([
            ['证照标识 id', licenseId],
            ['状态 status', `${readText(stored.from, 'from')} → ${readText(stored.to, 'to')}`],
            ['交易 tx', readText(body.txId, 'txId')],
            ...(document === undefined ? [] : [['盐值 salt', document.salt] as const]),
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}

/** The next version as its authority asks for it, and the holder's file as it will be. */
interface NextFace {
  readonly face: object;
  readonly path: string;
  readonly file: HolderFile;
  readonly values: SaltedValues;
}

/** Values that change get new salts; the file is written before anything is sent, so that no salt is lost. */
function nextFace({ from, to, holder: path, field }: OperateOptions): NextFace | undefined {
  if (from === undefined) return undefined;
  if (path === undefined) throw new CliError('USAGE', { option: '--holder', wanted: "the holder's file, with --from" });
  const file = readHolderFile(path);
  const changed = Object.entries(readPairs(field, '--field')).map(([name, text]) => [name, saltValue(text)] as const);
  const values = { ...file.values, ...Object.fromEntries(changed) };
  if (changed.length > 0) writeHolderFile(path, { ...file, values });
  const digests = Object.entries(values).map(([name, value]) => [name, digestOfValue(value)] as const);
  const face = { validFrom: from, ...optional('validTo', to), fields: Object.fromEntries(digests) };
  return { face, path, file, values };
}

/** The next version's values go to the own organisation's private data, as at issue, and the holder's file goes on to it. */
async function keepNext(caller: Caller, licenseId: LicenseId, { path, file, values }: NextFace): Promise<void> {
  writeHolderFile(path, { ...file, licenseId, values });
  await keepValues(caller, licenseId, values);
}
