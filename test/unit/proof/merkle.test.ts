import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { toHex, utf8 } from '../../../proof/bytes.js';
import { merklePath, merklePathLength, merkleRoot, rootFromPath } from '../../../proof/merkle.js';

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => utf8(`leaf ${index}`));
const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(part));
  return hash.digest();
};

describe('the tree of RFC 6962', () => {
  test('hashes three leaves as section 2.1 writes it', () => {
    const [a, b, c] = leavesOf(3).map((leaf) => sha256(Uint8Array.of(0), leaf)) as [Buffer, Buffer, Buffer];
    const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);
    expect(toHex(merkleRoot(leavesOf(3)))).toBe(toHex(node(node(a, b), c)));
    expect(merklePath(leavesOf(3), 2).map(toHex)).toEqual([toHex(node(a, b))]);
  });

  test('every leaf of every tree up to 70 leads to the root, and by no other index or size', () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = leavesOf(size);
      const root = toHex(merkleRoot(leaves));
      for (let index = 0; index < size; index += 1) {
        const path = merklePath(leaves, index);
        const leaf = leaves[index] ?? new Uint8Array();
        expect(path).toHaveLength(merklePathLength(index, size));
        expect(toHex(rootFromPath(leaf, index, size, path) ?? new Uint8Array())).toBe(root);
        const other = rootFromPath(leaf, (index + 1) % size, size, path);
        if (size > 1) expect(other && toHex(other)).not.toBe(root);
      }
    }
  });

  test('a path of another length, an index outside and odd numbers have no root', () => {
    const leaves = leavesOf(5);
    const path = merklePath(leaves, 1);
    const leaf = leaves[1] ?? new Uint8Array();
    expect(rootFromPath(leaf, 1, 5, path.slice(1))).toBeUndefined();
    expect(rootFromPath(leaf, 1, 5, [...path, path[0] ?? new Uint8Array()])).toBeUndefined();
    expect(rootFromPath(leaf, 5, 5, path)).toBeUndefined();
    fc.assert(
      fc.property(fc.double(), fc.double(), (index, size) => {
        const sound = Number.isInteger(index) && Number.isInteger(size) && index >= 0 && index < size;
        if (!sound) expect(rootFromPath(leaf, index, size, path)).toBeUndefined();
      }),
    );
  });

  test('a tree has leaves', () => {
    expect(() => merkleRoot([])).toThrow(RangeError);
    expect(() => merklePath(leavesOf(2), 2)).toThrow(RangeError);
  });
});
