import { type Command } from 'commander';

import { restoreSnapshot, type Snapshot, takeSnapshot } from '../../network/manager/snapshot.js';
import { EXIT } from '../exit-codes.js';
import { type Outcome } from '../output.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { DERIVED_FOLDERS } from './derived.js';

/** Adds `network snapshot`: a copy of keys and chain; the embedded network may run meanwhile. */
export function addNetworkSnapshot(group: Command, shell: Shell): void {
  addVerb(group, 'snapshot <to>', 'copy keys and chain to a new folder; the embedded network may run').action(
    async (to: string, options: CommonOptions) => {
      const snapshot = await takeSnapshot(folderOf(options).root, to, DERIVED_FOLDERS);
      shell.finish(options, outcome(to, snapshot, '已备份，含全部私钥 copied, with every private key'));
    },
  );
}

/** Adds `network restore`: a data folder from a snapshot, every byte of which is checked first. */
export function addNetworkRestore(group: Command, shell: Shell): void {
  addVerb(group, 'restore <from>', 'make an empty data folder of a snapshot').action(
    async (from: string, options: CommonOptions) => {
      const { root } = folderOf(options);
      shell.finish(options, outcome(root, await restoreSnapshot(from, root), '已恢复 restored'));
    },
  );
}

function outcome(folder: string, { createdMs, files }: Snapshot, done: string): Outcome {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    exit: EXIT.match,
    json: { folder, createdMs, files: files.length, bytes },
    text: `${done}: ${folder}\n${files.length} files, ${bytes} bytes`,
  };
}
