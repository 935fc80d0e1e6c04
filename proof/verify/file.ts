import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { type AttestedAnswer, type AttestedSubject } from '../../domain/attestation.js';
import { type DigestMap, HASH_ALGORITHMS, type HashAlgorithm, parseDigestMap } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { sm3 } from '../crypto/sm3.js';
import { equal, fromHex, toHex } from '../bytes.js';
import { type BatchPart } from '../format/receipt.js';
import { merklePathLength, rootFromPath } from '../merkle.js';
import { readCanonical } from './answer.js';
import { CheckFailed, demand } from './finding.js';

/** Digests of a file, by algorithm, lower-case hex. */
export type FileDigests = { readonly [name in HashAlgorithm]?: string };

/** Every digest of a file's bytes, for callers without faster ones at hand. */
export function digestFile(bytes: Uint8Array): Required<FileDigests> {
  return { 'sha-256': toHex(sha256(bytes)), 'sha-512': toHex(sha512(bytes)), sm3: toHex(sm3(bytes)) };
}

/** Step `batch`. @returns the item's digests. @throws CheckFailed, ProofError */
export function checkBatch(answer: AttestedAnswer, part: BatchPart | undefined): DigestMap {
  const batch = answer.found ? answer.batch : undefined;
  if (part === undefined)
    throw new CheckFailed(batch ? 'INVALID' : 'SKIPPED', batch ? 'BATCH_PART_MISSING' : 'NOT_IN_BATCH');
  demand(batch !== undefined, 'BATCH_NOT_ATTESTED');
  const { item, salt, index, size, path } = part;
  demand(index < size && size === batch.size, 'BATCH_INDEX', { index, size, attested: batch.size });
  demand(path.length === merklePathLength(index, size), 'BATCH_PATH_LENGTH', { length: path.length });
  const digests = readItem(item);
  const root = rootFromPath(leafData(salt, item), index, size, path);
  demand(root !== undefined && equal(root, fromHex(batch.root) ?? new Uint8Array()), 'BATCH_ROOT');
  return digests;
}

/** SHA-256(salt ‖ item): what a contract receives for one item and hashes into its leaf. */
export function leafData(salt: Uint8Array, item: Uint8Array): Uint8Array {
  return sha256.create().update(salt).update(item).digest();
}

function readItem(item: Uint8Array): DigestMap {
  try {
    const value = readCanonical(item);
    return parseDigestMap((value as { readonly digests?: unknown } | null)?.digests, 'item.digests');
  } catch (error) {
    if (error instanceof DomainError || error instanceof Error) throw new CheckFailed('INVALID', 'BATCH_ITEM');
    throw error;
  }
}

/** Step `file` of an absence: whether it is the given file that is not recorded. @throws CheckFailed */
export function checkAbsentFile(
  [type, algorithm = '', digest]: AttestedSubject,
  file: FileDigests | undefined,
): { compared: string } {
  if (file === undefined) throw new CheckFailed('SKIPPED', 'FILE_NOT_GIVEN');
  if (type !== 'digest') throw new CheckFailed('SKIPPED', 'SUBJECT_WITHOUT_DIGEST');
  const submitted = new Map(Object.entries(file)).get(algorithm);
  if (submitted === undefined) throw new CheckFailed('SKIPPED', 'FILE_NOT_GIVEN');
  demand(submitted === digest, 'ABSENCE_OF_ANOTHER', { algorithm, submitted });
  return { compared: algorithm };
}

/** Step `file`. @param recorded of the batch's item or of the answer. @throws CheckFailed */
export function checkFile(recorded: DigestMap | undefined, file: FileDigests | undefined): { compared: string } {
  if (file === undefined) throw new CheckFailed('SKIPPED', 'FILE_NOT_GIVEN');
  if (recorded === undefined) throw new CheckFailed('SKIPPED', 'SUBJECT_WITHOUT_DIGEST');
  const compared = HASH_ALGORITHMS.filter((name) => recorded[name] !== undefined && file[name] !== undefined);
  if (compared.length === 0) throw new CheckFailed('SKIPPED', 'FILE_NOT_GIVEN');
  for (const algorithm of compared) {
    const [registered, submitted] = [String(recorded[algorithm]), String(file[algorithm])];
    demand(registered === submitted, 'FILE_MISMATCH', { algorithm, registered, submitted });
  }
  return { compared: compared.join(', ') };
}
