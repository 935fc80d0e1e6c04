import { byteString } from '../../../../network/fsck/protobuf.js';
import { type NamespaceEffects } from '../../../../network/fsck/rwset.js';
import { Scratch } from '../../../../network/fsck/scratch.js';
import { State } from '../../../../network/fsck/state.js';

const none = new Uint8Array(0);

/** Writes a value to each key; a key with a minus before it is deleted. */
function effects(...keys: readonly string[]): NamespaceEffects[] {
  const writes = keys.map((key) => ({
    key: byteString(key.replace(/^-/, '')),
    isDelete: key.startsWith('-'),
    value: Buffer.from('value'),
    isPurge: false,
  }));
  const part = { namespace: 'cc', reads: [], ranges: [], metadata: [], setHash: none };
  return [{ namespace: 'cc', publicKeys: { ...part, collection: '', writes }, collections: [] }];
}

/** A state in which block 1 left the keys a, c, e and g, and one that begins with a character of four bytes. */
async function withState(use: (state: State) => Promise<void>): Promise<void> {
  const scratch = await Scratch.open();
  const state = new State(scratch, { locate: () => undefined, read: () => none });
  state.apply(effects('g', 'a', 'c', 'e', '\u{10000}'), '1:0');
  state.takeChanges();
  await use(state).finally(() => scratch.close());
}

test('a range is what the blocks before left and the transactions before in this block', () =>
  withState(async (state) => {
    expect(await state.range('cc', 'b', 'g')).toEqual([
      ['c', '1:0'],
      ['e', '1:0'],
    ]);
    state.apply(effects('-c', 'd', 'e', 'x'), '2:0');
    expect(await state.range('cc', 'b', 'g')).toEqual([
      ['d', '2:0'],
      ['e', '2:0'],
    ]);
    // All of them; in the order of their bytes, not of JavaScript's characters.
    state.apply(effects('\uffff'), '2:1');
    const keys = (await state.range('cc', '', '')).map(([key]) => key);
    expect(keys).toEqual(['a', 'd', 'e', 'g', 'x', '\uffff', '\u{10000}'].map(byteString));
    expect(state.count).toBe(5); // Counted when the block is done.
    state.takeChanges();
    expect(state.count).toBe(7);
  }));
