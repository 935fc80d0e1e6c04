import { type Command } from 'commander';

import { type MatterTrailStatement } from '../../domain/attestation-trail.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { optional } from '../../domain/fields.js';
import { parseHolderKey } from '../../domain/holder-key.js';
import { PRESENTATION_MS_MAX, SIGNED_PREFIX } from '../../domain/license-use.js';
import { EXIT } from '../exit-codes.js';
import { anyGateway } from '../license/options.js';
import { readList, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { type CommonOptions, folderOf, type Shell } from '../shell.js';
import { trailLine } from '../trail-text.js';
import { openHolderKey, publicPointOf, signText } from './holder-key.js';

/** Adds `attest trail KEY`: what became of a person's matter. No post is needed: the key for the matter asks. */
export function addAttestTrail(group: Command, shell: Shell): void {
  group
    .command('trail <key-file>')
    .description('for the person concerned: every act on the attestations that named this key, newest first')
    .option('--before <time>', 'the next page of a long trail: the time that the page before named')
    .action(async (path: string, options: CommonOptions & { readonly before?: string }) => {
      const key = openHolderKey(path, false);
      const statement: MatterTrailStatement = {
        kind: 'attestation.trail',
        holderKey: parseHolderKey(publicPointOf(key), 'key-file'),
        notAfter: new Date(Date.now() + PRESENTATION_MS_MAX - 5_000).toISOString(),
        ...optional('before', options.before),
      };
      const signature = signText(key, `${SIGNED_PREFIX}${canonicalJson(statement)}`);
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'GET',
        path: '/v1/citizens/me/trail',
        holder: Buffer.from(JSON.stringify({ statement, signature })).toString('base64url'),
      });
      const lines = readList(body.trail, 'trail').map(trailLine);
      const older = body.older === undefined ? [] : [`更早的 older: --before ${textOf(body.older)}`];
      const text = lines.length === 0 ? '没有核验记录 nobody asked' : [...lines, ...older].join('\n');
      shell.finish(options, { exit: EXIT.match, json: body, text });
    });
}
