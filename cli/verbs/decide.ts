import { type Command } from 'commander';

import { readWord } from '../../domain/fields.js';
import { parseEntryId, parseEvidenceId } from '../../domain/ids.js';
import { OBJECTION_DECISIONS } from '../../domain/objection.js';
import { type EntryOptions, writeEntry } from '../entry.js';
import { saltFile } from '../salt.js';
import { addEntryVerb, type Shell } from '../shell.js';

interface DecideOptions extends EntryOptions {
  readonly document: string;
}

/** Adds `decide ID OBJECTION WORD`: a court's decision on an objection. */
export function addDecide(program: Command, shell: Shell): void {
  addEntryVerb(program, 'decide <id> <objection> <word>', "record a court's decision on an objection")
    .requiredOption('--document <file>', 'the written decision; only its salted digest is recorded')
    .addHelpText('after', `\nWords: ${OBJECTION_DECISIONS.join(', ')}.`)
    .action(async (id: string, objection: string, word: string, options: DecideOptions) => {
      const evidenceId = parseEvidenceId(id);
      const objectionId = parseEntryId('OB', objection);
      const decision = readWord(word, OBJECTION_DECISIONS, 'word');
      const document = await saltFile(options.document);
      await writeEntry(shell, options, {
        roles: ['clerk'],
        path: `/v1/evidence/${evidenceId}/objections/${objectionId}/decision`,
        body: { decision, documentDigest: document.digest },
        title: '裁定已登记 decision recorded',
        kept: document,
      });
    });
}
