import { sha256 } from '@noble/hashes/sha2.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** SHA-256(0x00 ‖ data): the hash of a leaf (RFC 6962 section 2.1). */
export function hashLeaf(data: Uint8Array): Uint8Array {
  return sha256.create().update(LEAF).update(data).digest();
}

/** SHA-256(0x01 ‖ left ‖ right): the hash of an inner node (RFC 6962 section 2.1). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256.create().update(NODE).update(left).update(right).digest();
}

/**
 * The root over leaf data in their order (RFC 6962 section 2.1, MTH). Pure; contracts use it.
 * @param leaves at least one, each hashed with {@link hashLeaf} here. @throws {RangeError} for none
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(leaves.map(hashLeaf));
}

/**
 * The path of one leaf, its sibling first (RFC 6962 section 2.1.1, PATH).
 * @throws {RangeError} for an index outside of the leaves
 */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no such leaf');
  return pathOf(leaves.map(hashLeaf), index);
}

/** How many hashes the path of a leaf has in a tree of this size: exactly one length is right. */
export function merklePathLength(index: number, size: number): number {
  if (size <= 1) return 0;
  const split = splitOf(size);
  return 1 + (index < split ? merklePathLength(index, split) : merklePathLength(index - split, size - split));
}

/**
 * The root that a leaf and its path lead to (RFC 9162 section 2.1.3.2).
 * @param size number of leaves, 1 to 2^32-1.
 * @returns undefined where index, size and the path's length do not fit each other.
 */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!isTreePlace(index, size) || path.length !== merklePathLength(index, size)) return undefined;
  let first = index;
  let last = size - 1;
  let hash = hashLeaf(leaf);
  for (const sibling of path) {
    if (first % 2 === 1 || first === last) {
      hash = hashNode(sibling, hash);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return hash;
}

function isTreePlace(index: number, size: number): boolean {
  return Number.isInteger(index) && Number.isInteger(size) && index >= 0 && index < size && size < 2 ** 32;
}

/** The largest power of two below the size. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) throw new RangeError('a tree without leaves');
  if (hashes.length === 1) return only;
  const split = splitOf(hashes.length);
  return hashNode(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

function pathOf(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length <= 1) return [];
  const split = splitOf(hashes.length);
  const left = hashes.slice(0, split);
  const right = hashes.slice(split);
  return index < split ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - split), rootOf(left)];
}
