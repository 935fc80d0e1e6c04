import { type Day } from '../../../../domain/calendar.js';
import { type DigestHex, HASH_ALGORITHMS, type HashAlgorithm, parseDigestHex } from '../../../../domain/digests.js';
import { DomainError } from '../../../../domain/errors.js';
import { type EvidenceId, parseEvidenceId } from '../../../../domain/ids.js';
import { fromBase64Url } from '../../../../proof/format/compact.js';
import { ProofError } from '../../../../proof/proof-error.js';
import { type PageDigests } from '../../hashing/hash-file.js';

/** A file that somebody chose; only its digests are ever asked about. */
export interface AskedFile {
  /** As the machine calls it: shown as text, never sent. */
  readonly name: string;
  readonly size: number;
  /** Of hashing, 0 to 1. */
  readonly share: number;
  readonly digests?: PageDigests;
  readonly unreadable?: true;
}

/** A receipt that somebody gave. */
export interface AskedReceipt {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly from: 'file' | 'code' | 'address';
  readonly name?: string;
}

/** A digest that somebody typed. */
export interface AskedDigest {
  readonly algorithm: HashAlgorithm;
  readonly digest: DigestHex;
}

/** Everything that is asked at one time; all of it may be there, or nothing. */
export interface Asked {
  readonly file?: AskedFile;
  readonly receipt?: AskedReceipt;
  readonly id?: EvidenceId;
  readonly digest?: AskedDigest;
  /** The day for which the standing is asked; absent means now. */
  readonly asOf?: Day;
}

/** What a typed or scanned text turned out to be. */
export type ReadText =
  | Pick<Asked, 'id'>
  | Pick<Asked, 'digest'>
  | { readonly receipt: AskedReceipt }
  | { readonly wants: 'algorithm'; readonly algorithms: readonly HashAlgorithm[] }
  | undefined;

/**
 * Reads what somebody typed, pasted or scanned: an id, a digest, or an address whose fragment is a receipt.
 * @param algorithm of a digest, because SHA-256 and SM3 values look alike and nobody guesses (requirement R05).
 * @returns what it is, `wants` where only the algorithm is missing, `undefined` where it is none of these
 */
export function readText(text: string, algorithm: HashAlgorithm | undefined): ReadText {
  const trimmed = text.trim();
  const id = orUndefined(() => parseEvidenceId(trimmed.replace(/^ev/i, 'EV').replace(/(?<=^EV).*/, toLower)));
  if (id !== undefined) return { id };
  const fragment = /#(?:r=)?([A-Za-z0-9_-]{40,})$/.exec(trimmed)?.[1];
  const bytes = fragment === undefined ? undefined : readFragment(fragment);
  if (bytes !== undefined) return { receipt: { bytes, from: 'code' } };
  return readDigest(trimmed, algorithm);
}

/** The receipt in an address's fragment, which no server ever sees. @returns `undefined` where it holds none */
export function readFragment(fragment: string): Uint8Array<ArrayBuffer> | undefined {
  const text = fragment.replace(/^#?(r=)?/, '');
  if (text === '') return undefined;
  return orUndefined(() => new Uint8Array(fromBase64Url(text)));
}

function readDigest(text: string, algorithm: HashAlgorithm | undefined): ReadText {
  const fitting = HASH_ALGORITHMS.filter((name) => orUndefined(() => parseDigestHex(name, text)) !== undefined);
  const [only] = fitting;
  if (only === undefined) return undefined;
  const chosen = fitting.length === 1 ? only : fitting.find((name) => name === algorithm);
  if (chosen === undefined) return { wants: 'algorithm', algorithms: fitting };
  return { digest: { algorithm: chosen, digest: parseDigestHex(chosen, text) } };
}

function toLower(text: string): string {
  return text.toLowerCase();
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError || error instanceof ProofError) return undefined;
    throw error;
  }
}
