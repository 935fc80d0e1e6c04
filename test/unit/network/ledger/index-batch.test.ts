import { join } from 'node:path';

import { realDisk } from '../../../../network/embedded/ledger/disk.js';
import { IndexBatch } from '../../../../network/embedded/ledger/index-batch.js';
import { encodeEntry, stateKey } from '../../../../network/embedded/ledger/index-codec.js';
import { openIndex } from '../../../../network/embedded/ledger/open-index.js';
import { inFolder } from './ledger-folder.js';

const entryOf = (value: string): Buffer =>
  encodeEntry({ value: Buffer.from(value), version: { blockNumber: 1n, txIndex: 0 }, metadata: new Map() });
const put = (key: string, value: string) => ({ key: stateKey('cc', key), value: entryOf(value) });

test('what is read through a batch is the index with every change so far, the last of each key', () =>
  inFolder(async (folder) => {
    const index = await openIndex(join(folder, 'index'));
    await realDisk.apply(index, [put('kept', 'old'), put('changed', 'old'), put('gone', 'old')]);
    const batch = new IndexBatch(index);
    const read = (): (string | undefined)[] =>
      ['kept', 'changed', 'gone', 'new'].map((key) => batch.get('cc', key)?.value.toString());
    expect(read()).toEqual(['old', 'old', 'old', undefined]);
    batch.add([put('changed', 'first'), put('new', 'first'), { key: stateKey('cc', 'gone'), value: undefined }]);
    expect(read()).toEqual(['old', 'first', undefined, 'first']);
    batch.add([put('new', 'second')]);
    batch.add([put('changed', 'second'), put('gone', 'back'), put('changed', 'third')]);
    expect(read()).toEqual(['old', 'third', 'back', 'second']);
    await index.close();
  }));
