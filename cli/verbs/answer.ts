import { type Command } from 'commander';

import { TRANSFER_ANSWERS } from '../../domain/custody.js';
import { readWord } from '../../domain/fields.js';
import { parseEntryId, parseEvidenceId } from '../../domain/ids.js';
import { type EntryOptions, writeEntry } from '../entry.js';
import { addEntryVerb, type Shell } from '../shell.js';

/** Adds `answer ID TRANSFER WORD`: the second signature of a hand-over, or its refusal or withdrawal. */
export function addAnswer(program: Command, shell: Shell): void {
  addEntryVerb(program, 'answer <id> <transfer> <word>', 'answer a hand-over that is pending')
    .addHelpText('after', `\nWords: ${TRANSFER_ANSWERS.join(', ')} (the last one by whoever offered it).`)
    .action(async (id: string, transfer: string, word: string, options: EntryOptions) => {
      const evidenceId = parseEvidenceId(id);
      const transferId = parseEntryId('CT', transfer);
      const answer = readWord(word, TRANSFER_ANSWERS, 'word');
      await writeEntry(shell, options, {
        roles: ['clerk', 'notary', 'officer'],
        path: `/v1/evidence/${evidenceId}/custody/${transferId}/answer`,
        body: { answer },
        title: '移交已答复 hand-over answered',
      });
    });
}
