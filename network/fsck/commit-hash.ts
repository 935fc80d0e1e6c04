import { sha256 } from './block.js';
import { lengthDelimited, optionalBytes, optionalNumber, varint } from './encode.js';
import { type SpaceChanges } from './state.js';
import { type Version } from './rwset.js';

/**
 * The hash by which peers chain what blocks did to the state. Source: Fabric's core/ledger/kvledger/kv_ledger.go,
 * addBlockCommitHash, and txmgmt/txmgr/update_batch_bytes.go.
 * @param changes spaces and keys in the order of their bytes. @param previous empty for block 1.
 */
export function commitHash(codes: readonly number[], changes: readonly SpaceChanges[], previous: Uint8Array): Buffer {
  const updates: Buffer[] = [];
  let namespace = '';
  for (const { space, keys } of changes) {
    if (space.namespace === '') continue; // The configuration is no chaincode's.
    keys.forEach(([key, change], index) => {
      const isFirstOfNamespace = index === 0 && space.namespace !== namespace;
      updates.push(
        lengthDelimited(
          1,
          Buffer.concat([
            optionalBytes(1, Buffer.from(isFirstOfNamespace ? space.namespace : '', 'latin1')),
            optionalBytes(2, Buffer.from(index === 0 ? space.collection : '', 'latin1')),
            optionalBytes(3, Buffer.from(key, 'latin1')),
            optionalNumber(4, change.entry === undefined ? 1 : 0),
            optionalBytes(5, change.entry === undefined ? new Uint8Array(0) : change.value),
            optionalBytes(6, versionBytes(change.version)),
          ]),
        ),
      );
      namespace = space.namespace;
    });
  }
  return sha256(varint(codes.length), Uint8Array.from(codes), ...updates, previous);
}

/** Each number as the count of its bytes and the bytes, highest first. */
function versionBytes(version: Version): Buffer {
  return Buffer.concat(
    version.split(':').map((part) => {
      const digits = BigInt(part).toString(16);
      const bytes =
        part === '0' ? Buffer.alloc(0) : Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex');
      return Buffer.concat([Buffer.of(bytes.length), bytes]);
    }),
  );
}
