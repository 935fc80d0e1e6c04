import { type Command } from 'commander';

import { optional, readWord } from '../../domain/fields.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { OBJECTION_GROUNDS } from '../../domain/objection.js';
import { type EntryOptions, writeEntry } from '../entry.js';
import { hashFile } from '../hash-file.js';
import { saltText } from '../salt.js';
import { addEntryVerb, type Shell } from '../shell.js';

interface ObjectOptions extends EntryOptions {
  readonly ground: string;
  readonly detail?: string;
  readonly contrary?: string;
}

/** Adds `object ID`: files an objection to a record of another unit (requirement R15). */
export function addObject(program: Command, shell: Shell): void {
  addEntryVerb(program, 'object <id>', 'object to a record of another unit')
    .requiredOption('--ground <word>', OBJECTION_GROUNDS.join(', '))
    .option('--detail <text>', 'reasons; only their salted digest is recorded, and the salt is given back')
    .option('--contrary <file>', 'contrary evidence; its digests are recorded, the file stays here')
    .action(async (id: string, options: ObjectOptions) => {
      const evidenceId = parseEvidenceId(id);
      const ground = readWord(options.ground, OBJECTION_GROUNDS, 'ground');
      const detail = options.detail === undefined ? undefined : saltText(options.detail);
      const contrary = options.contrary === undefined ? undefined : (await hashFile(options.contrary)).digests;
      await writeEntry(shell, options, {
        roles: ['clerk', 'notary', 'officer'],
        path: `/v1/evidence/${evidenceId}/objections`,
        body: { ground, ...optional('detailDigest', detail?.digest), ...optional('contrary', contrary) },
        title: '异议已登记 objection filed',
        ...optional('kept', detail),
      });
    });
}
