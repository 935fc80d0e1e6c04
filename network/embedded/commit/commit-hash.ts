import { createHash } from 'node:crypto';

import { encodeVarint, Writer } from '../wire/protobuf-writer.js';
import type { Version } from '../wire/rwset.js';
import type { StateChange } from './block-updates.js';

/**
 * The hash that chains what a block did to the state: SHA-256 over the count of codes, the codes, the state changes
 * and the commit hash before. Peers of one channel agree on it. Block 0 has none, and block 1 follows an empty one.
 * Source: core/ledger/kvledger/kv_ledger.go, addBlockCommitHash.
 */
export function commitHash(codes: readonly number[], changes: Iterable<StateChange>, previous: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(encodeVarint(codes.length))
    .update(Uint8Array.from(codes))
    .update(encodeUpdates(changes))
    .update(previous)
    .digest();
}

/**
 * Bytes of txmgr.Updates. The namespace stands on its first entry only, and so does a collection; the namespace '',
 * which holds the channel's configuration, is left out (txmgmt/txmgr/update_batch_bytes.go).
 * @param changes in the order of `BlockUpdates.changes`.
 */
export function encodeUpdates(changes: Iterable<StateChange>): Uint8Array {
  const updates = new Writer();
  let namespace = '';
  let collection = '';
  for (const change of changes) {
    if (change.namespace === '') continue;
    const newNamespace = change.namespace !== namespace;
    const newCollection = newNamespace || change.collection !== collection;
    ({ namespace, collection } = change);
    updates.message(
      1,
      new Writer()
        .field(1, newNamespace ? namespace : '')
        .field(2, newCollection ? collection : '')
        .field(3, Buffer.from(change.key, collection === '' ? 'utf8' : 'hex'))
        .field(4, change.entry === undefined)
        .field(5, change.entry?.value ?? '')
        .field(6, encodeVersion(change.version))
        .bytes(),
    );
  }
  return updates.bytes();
}

/** Both numbers in Fabric's order-preserving form: a length byte, then big-endian bytes without leading zeros. */
function encodeVersion(version: Version): Uint8Array {
  return Buffer.concat([orderPreserving(version.blockNumber), orderPreserving(BigInt(version.txIndex))]);
}

function orderPreserving(value: bigint): Uint8Array {
  if (value === 0n) return Buffer.from([0]);
  const hex = value.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([digits.length]), digits]);
}
