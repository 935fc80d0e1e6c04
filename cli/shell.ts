import { type Command } from 'commander';

import { type DataFolder, dataFolder, DEFAULT_DATA } from './data-folder.js';
import { type Outcome, type Terminal } from './output.js';

/** What every verb is given: where to write, and how to end. */
export interface Shell {
  readonly terminal: Terminal;
  /** Writes the outcome, as JSON where that was asked for, and sets the exit code. */
  readonly finish: (options: CommonOptions, outcome: Outcome) => void;
}

/** Options that every verb has. */
export interface CommonOptions {
  readonly data: string;
  readonly json?: true;
}

/** Adds a verb with the common options. @param usage name and arguments, `verify <file>`. */
export function addVerb(program: Command, usage: string, summary: string): Command {
  return program
    .command(usage)
    .description(summary)
    .option('--data <dir>', 'where the network and its users live', DEFAULT_DATA)
    .option('--json', 'one JSON value on standard output, errors as JSON on standard error');
}

/** Adds a verb that writes an entry about a record; `writeEntry` reads these options. */
export function addEntryVerb(program: Command, usage: string, summary: string): Command {
  return addVerb(program, usage, summary)
    .option('--as <user>', 'who signs (required), such as notary@zhejiang')
    .option('--request <uuid>', 'name of this request: under the same name it is recorded once');
}

/** The data folder that the common options name. */
export function folderOf(options: CommonOptions): DataFolder {
  return dataFolder(options.data);
}
