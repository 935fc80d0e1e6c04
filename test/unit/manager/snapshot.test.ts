import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { restoreSnapshot, takeSnapshot } from '../../../network/manager/snapshot.js';
import { plainTopology } from '../../support/network/plain-topology.js';

const blocks = 'ledgers/peer0.one.example/blocks';
const blockBytes = 10_000;

let root: string;
let data: string;
let copy: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'snapshot-'));
  [data, copy] = [join(root, 'data'), join(root, 'copy')];
  mkdirSync(join(data, 'ledgers/peer0.one.example'), { recursive: true });
  writeFileSync(join(data, 'topology.yaml'), plainTopology());
  writeFileSync(join(data, 'authority.pem'), 'a key\n');
  writeFileSync(join(data, blocks), Buffer.alloc(blockBytes, 7));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('a copy that fails in the middle is no snapshot; the next one is whole', async () => {
  writeFileSync(join(data, 'orders.sqlite'), 'not a database'); // The copy of a database begins where it is read.
  await expect(takeSnapshot(data, copy)).rejects.toThrow(/not a database/);
  expect(existsSync(copy)).toBe(false);
  expect(existsSync(join(`${copy}.unfinished`, 'authority.pem'))).toBe(true);
  // What was begun lies beside it under another name, and is not taken for a whole one.
  const begun = restoreSnapshot(`${copy}.unfinished`, join(root, 'target'));
  await expect(begun).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
  rmSync(join(data, 'orders.sqlite'));
  const { files } = await takeSnapshot(data, copy);
  expect(files.map(({ path }) => path)).toEqual(['authority.pem', blocks, 'topology.yaml']);
  expect(existsSync(`${copy}.unfinished`)).toBe(false);
  mkdirSync(join(root, 'target', 'run'), { recursive: true }); // A network that is down leaves it.
  await restoreSnapshot(copy, join(root, 'target'));
  for (const { path } of files) {
    expect(readFileSync(join(root, 'target', path)).equals(readFileSync(join(data, path)))).toBe(true);
  }
});

test.each<[string, (folder: string) => void]>([
  [
    'a block file that was cut',
    (folder) => {
      truncateSync(join(folder, blocks), blockBytes - 1);
    },
  ],
  [
    'an empty block file',
    (folder) => {
      truncateSync(join(folder, blocks), 0);
    },
  ],
  [
    'no block file',
    (folder) => {
      rmSync(join(folder, blocks));
    },
  ],
  [
    'a list that was cut',
    (folder) => {
      truncateSync(join(folder, 'snapshot.json'), 200);
    },
  ],
  [
    'no list',
    (folder) => {
      rmSync(join(folder, 'snapshot.json'));
    },
  ],
  [
    'a list of nothing',
    (folder) => {
      writeFileSync(join(folder, 'snapshot.json'), '{"schema":"network-snapshot/1"}');
    },
  ],
  [
    'a list of another form',
    (folder) => {
      writeList(folder, [{ path: 7, bytes: 1, sha256: '' }]);
    },
  ],
  [
    'a list that leads out of it',
    (folder) => {
      writeList(folder, [{ path: '../data/authority.pem', bytes: 6, sha256: '' }]);
    },
  ],
])('a snapshot with %s is refused, and nothing is restored', async (_what, spoil) => {
  await takeSnapshot(data, copy);
  cpSync(copy, `${copy}-spoiled`, { recursive: true });
  spoil(`${copy}-spoiled`);
  const refused = restoreSnapshot(`${copy}-spoiled`, join(root, 'target'));
  await expect(refused).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
  expect(existsSync(join(root, 'target'))).toBe(false);
});

function writeList(folder: string, files: readonly object[]): void {
  writeFileSync(join(folder, 'snapshot.json'), JSON.stringify({ schema: 'network-snapshot/1', files }));
}
