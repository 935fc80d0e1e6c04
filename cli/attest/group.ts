import { type Command } from 'commander';

import { DEFAULT_DATA } from '../data-folder.js';
import { type Shell } from '../shell.js';
import { addAnswering } from './answering.js';
import { addAsking } from './asking.js';
import { addEither } from './either.js';
import { addSurroundings } from './surroundings.js';
import { addAttestTrail } from './trail.js';

/** Adds `attest …`: cross-region attestations from the two windows. */
export function addAttest(program: Command, shell: Shell): void {
  const group = program.command('attest').description('ask another region to attest a fact, and answer such requests');
  addAsking(group, shell);
  addAnswering(group, shell);
  addEither(group, shell);
  addSurroundings(group, shell);
  addAttestTrail(group, shell);
  for (const verb of group.commands) {
    verb
      .option('--data <dir>', 'where the network and its users live', DEFAULT_DATA)
      .option('--json', 'one JSON value on standard output, errors as JSON on standard error');
  }
}
