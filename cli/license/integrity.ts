import { type Command } from 'commander';

import { parseSaltedValues } from '../../domain/license-fields.js';
import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { type Json, readObject, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { digestOfValue, readJsonFile } from './holder-file.js';
import { anyGateway } from './options.js';

const WORDS: Readonly<Record<string, string>> = {
  MATCH: '一致 as recorded',
  MISMATCH: '不一致 not as recorded',
  NOT_RECORDED: '未登记 not recorded',
};

/**
 * Adds `license integrity FILE`: whether the values in a holder's file, or in what was shown, are those that were
 * recorded. Only digests leave this machine, and the question still has an answer once the values were deleted.
 */
export function addLicenseIntegrity(group: Command, shell: Shell): void {
  addVerb(group, 'integrity <file>', "do the values in a holder's or a shown file still fit what was recorded?")
    .addHelpText('after', '\nSends digests only. Exit code: 0 all fit; 1 some do not; 2 nobody could look')
    .action(async (path: string, options: CommonOptions) => {
      const file = readJsonFile(path) as Json;
      const id = parseLicenseId(file.licenseId, { legacy: true });
      const values = Object.entries(parseSaltedValues(file.values ?? {}));
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'POST',
        path: `/v1/licenses/${id}/integrity`,
        body: { fields: Object.fromEntries(values.map(([name, value]) => [name, digestOfValue(value)])) },
      });
      const fits = body.verdict === 'MATCH';
      const content = readObject(body.contentWording, 'contentWording');
      const lines = Object.entries(readObject(body.fields, 'fields'));
      shell.finish(options, {
        exit: fits ? EXIT.match : EXIT.no,
        json: body,
        text: [
          fits ? '与登记的摘要一致 the values are as recorded' : '与登记的摘要不一致 some value is not as recorded',
          fields([
            ['证照标识 id', id],
            ['登记内容 content', `${textOf(content.zh)} ${textOf(content.en)}`],
            ...lines.map(([name, verdict]) => [name, WORDS[textOf(verdict)] ?? textOf(verdict)] as const),
          ]),
          ...(body.content === 'PURGED' ? [wrap('机关保存的内容已按请求删除，链上摘要仍可核对。')] : []),
        ].join('\n'),
      });
    });
}
