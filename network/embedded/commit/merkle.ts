import { createHash } from 'node:crypto';

import type { KvRead, MerkleSummary } from '../wire/rwset.js';
import { encodeQueryReads } from '../wire/rwset-writer.js';

/** A tree's nodes by level, the leaves at index 0, which Fabric calls level 1. */
type Levels = Uint8Array[][];

const DEGREE_MIN = 2;

/**
 * The Merkle form in which Fabric records a long range. Each leaf hashes `maxDegree` + 1 reads, each node above hashes
 * as many nodes, and the summary is the level at which at most `maxDegree` nodes are left.
 * @returns undefined when there are at most `maxDegree` reads, which are recorded as they are, or when `maxDegree` is
 * below 2, of which no tree is made. Source: txmgmt/rwsetutil/query_results_helper.go.
 */
export function summarizeReads(reads: readonly KvRead[], maxDegree: number): MerkleSummary | undefined {
  if (maxDegree < DEGREE_MIN || reads.length <= maxDegree) return undefined;
  const levels: Levels = [[]];
  for (let start = 0; start < reads.length; start += maxDegree + 1) {
    addLeaf(levels, encodeQueryReads(reads.slice(start, start + maxDegree + 1)), maxDegree);
  }
  return finish(levels, maxDegree);
}

function addLeaf(levels: Levels, bytes: Uint8Array, maxDegree: number): void {
  levels[0]?.push(hash([bytes]));
  for (let level = 0; ; level += 1) {
    const nodes = levels[level];
    if (!nodes || nodes.length <= maxDegree) return;
    (levels[level + 1] ??= []).push(hash(nodes.splice(0)));
  }
}

/** Lifts what is left on the lower levels; a single node rises unhashed. */
function finish(levels: Levels, maxDegree: number): MerkleSummary {
  for (const [level, nodes] of levels.slice(0, -1).entries()) {
    const [only, ...others] = nodes;
    if (only) levels[level + 1]?.push(others.length === 0 ? only : hash(nodes));
  }
  const top = levels.at(-1) ?? [];
  if (top.length <= maxDegree) return { maxDegree, maxLevel: levels.length, maxLevelHashes: top };
  return { maxDegree, maxLevel: levels.length + 1, maxLevelHashes: [hash(top)] };
}

function hash(parts: readonly Uint8Array[]): Uint8Array {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest();
}
