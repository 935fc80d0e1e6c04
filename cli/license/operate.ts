import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { optional } from '../../domain/fields.js';
import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { readObject, readText } from '../rest-answers.js';
import { saltText } from '../salt.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { readHolderFile, digestOfValue } from './holder-file.js';
import { addSignedVerb, openSigner, readUnit, type SignerOptions } from './options.js';

interface OperateOptions extends SignerOptions {
  readonly ending?: string;
  readonly effective?: string;
  readonly document?: string;
  readonly from?: string;
  readonly to?: string;
  readonly holder?: string;
  readonly transferTo?: string;
}

const HELP = `
Operations: 02 延续 renew, 03 暂扣 suspend, 04 过期 expire, 05 end (--ending 03 撤销 annul,
04 注销 cancel, 06 转出 transfer, 07 吊销 revoke), 06 发还 give back, 07 其他 other, 09 变更 change,
10 取消转出 call back a transfer. 02 and 09 take --from, --to and --holder.`;

/** Adds `license operate ID OPERATION`: changes the status, as the issuing authority or its superior. */
export function addLicenseOperate(group: Command, shell: Shell): void {
  addSignedVerb(group, 'operate <id> <operation>', 'change the status: 02 to 07, 09, 10')
    .option('--ending <status>', 'with 05: 03, 04, 06 or 07')
    .option('--effective <time>', 'when it takes effect, RFC 3339 (default: now)')
    .option('--document <number>', 'number of the decision; only its salted digest is recorded, the salt given back')
    .option('--from <day>', "the next version's first day")
    .option('--to <day>', "the next version's last day")
    .option('--holder <file>', "the holder's file, whose values stay the same in the next version")
    .option('--transfer-to <MSP:unit>', 'who may take it over, with --ending 06')
    .addHelpText('after', HELP)
    .action(async (text: string, operation: string, options: OperateOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const document = options.document === undefined ? undefined : saltText(options.document);
      const transferTo = options.transferTo === undefined ? undefined : readUnit(options.transferTo, '--transfer-to');
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/operations`,
        idempotencyKey: options.request ?? randomUUID(),
        body: {
          operation,
          ...optional('ending', options.ending),
          ...optional('effectiveFrom', options.effective),
          ...optional('documentDigest', document?.digest),
          ...optional('face', faceOf(options)),
          ...optional('transferTo', transferTo),
        },
      });
      const stored = readObject(body.stored, 'stored');
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, as: caller.user.name, ...optional('kept', document) },
        text: [
          '证照操作已登记 done',
          fields([
            ['证照标识 id', readText(stored.licenseId, 'licenseId')],
            ['状态 status', `${readText(stored.from, 'from')} → ${readText(stored.to, 'to')}`],
            ['交易 tx', readText(body.txId, 'txId')],
            ...(document === undefined ? [] : [['盐值 salt', document.salt] as const]),
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}

function faceOf({ from, to, holder }: OperateOptions): object | undefined {
  if (from === undefined) return undefined;
  const values = holder === undefined ? {} : (readHolderFile(holder).values ?? {});
  const digests = Object.entries(values).map(([name, value]) => [name, digestOfValue(value)] as const);
  return { validFrom: from, ...optional('validTo', to), fields: Object.fromEntries(digests) };
}
