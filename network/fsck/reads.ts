import { sha256 } from './block.js';
import { lengthDelimited, optionalBytes, optionalNumber } from './encode.js';
import { type ByteString } from './protobuf.js';
import { type Effects, type NamespaceEffects, type Range, type Version } from './rwset.js';
import { type State } from './state.js';
import { CODE } from './transaction.js';

/** A key that a scan finds now. */
interface Found {
  readonly key: ByteString;
  readonly version: Version;
}

/**
 * Whether what a transaction read still holds after the valid ones before it. @returns a code of `CODE`
 * Source: Fabric's core/ledger/kvledger/txmgmt/validation/validator.go.
 */
export async function judgeReads(effects: readonly NamespaceEffects[], state: State): Promise<number> {
  for (const { publicKeys, collections } of effects) {
    if (!readsHold(publicKeys, state)) return CODE.MVCC_READ_CONFLICT;
    for (const range of publicKeys.ranges) {
      if (!(await rangeHolds(publicKeys, range, state))) return CODE.PHANTOM_READ_CONFLICT;
    }
    if (!collections.every((part) => readsHold(part, state))) return CODE.MVCC_READ_CONFLICT;
  }
  return CODE.VALID;
}

function readsHold(part: Effects, state: State): boolean {
  return part.reads.every(
    ({ key, version }) => !state.isChanged(part, key) && state.get(part, key)?.version === version,
  );
}

async function rangeHolds(space: Effects, range: Range, state: State): Promise<boolean> {
  const keys = await state.range(space.namespace, range.from, range.to);
  const found: Found[] = keys.map(([key, version]) => ({ key, version }));
  const last = range.exhausted ? undefined : state.get(space, range.to);
  if (last !== undefined) found.push({ key: range.to, version: last.version });
  if (range.summary !== undefined) return sameSummary(range.summary, found);
  const { reads } = range;
  return (
    found.length === reads.length &&
    found.every(({ key, version }, index) => key === reads[index]?.key && version === reads[index].version)
  );
}

/** Whether the summary of what was read is that of what is found now. */
function sameSummary(told: NonNullable<Range['summary']>, found: readonly Found[]): boolean {
  const { degree, level, hashes } = told;
  if (degree < 2 || found.length <= degree) return false;
  const now = summaryOf(found, degree);
  return (
    level === now.level &&
    hashes.length === now.hashes.length &&
    now.hashes.every((hash, index) => Buffer.compare(hash, hashes[index] ?? Buffer.alloc(0)) === 0)
  );
}

/**
 * Long ranges are told as the top of a tree of hashes: each leaf over `degree` + 1 reads, each node above over as many
 * below. Source: Fabric's txmgmt/rwsetutil/query_results_helper.go.
 */
function summaryOf(found: readonly Found[], degree: number): { readonly level: number; readonly hashes: Buffer[] } {
  const tree: Buffer[][] = [];
  const push = (height: number, hash: Buffer): void => {
    const nodes = (tree[height] ??= []);
    if (nodes.push(hash) > degree) push(height + 1, sha256(...nodes.splice(0)));
  };
  for (let at = 0; at < found.length; at += degree + 1) {
    push(0, sha256(encodeReads(found.slice(at, at + degree + 1))));
  }
  tree.slice(0, -1).forEach((left, height) => {
    const [only] = left;
    if (only !== undefined) tree[height + 1]?.push(left.length === 1 ? only : sha256(...left));
  });
  const top = tree.at(-1) ?? [];
  if (top.length <= degree) return { level: tree.length, hashes: top };
  return { level: tree.length + 1, hashes: [sha256(...top)] };
}

/** Bytes of `kvrwset.QueryReads`. */
function encodeReads(reads: readonly Found[]): Buffer {
  return Buffer.concat(
    reads.map(({ key, version }) => {
      const [block = '0', transaction = '0'] = version.split(':');
      const at = Buffer.concat([optionalNumber(1, BigInt(block)), optionalNumber(2, BigInt(transaction))]);
      const name = optionalBytes(1, Buffer.from(key, 'latin1'));
      return lengthDelimited(1, Buffer.concat([name, lengthDelimited(2, at)]));
    }),
  );
}
