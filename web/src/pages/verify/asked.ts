import { type Day } from '../../../../domain/calendar.js';
import { type DigestHex, HASH_ALGORITHMS, type HashAlgorithm, parseDigestHex } from '../../../../domain/digests.js';
import { DomainError } from '../../../../domain/errors.js';
import { type EvidenceId, parseEvidenceId, parseTxId, type TxId } from '../../../../domain/ids.js';
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
  /** A transaction that is to lead to its record. */
  readonly transaction?: TxId;
  /** The day for which the standing is asked; absent means now. */
  readonly asOf?: Day;
}

/** What 64 hex digits may be: nobody guesses which. */
export type Meaning = HashAlgorithm | 'transaction';

/** What a typed or scanned text turned out to be. */
export type ReadText =
  | Pick<Asked, 'id'>
  | Pick<Asked, 'digest'>
  | { readonly receipt: AskedReceipt }
  | Pick<Asked, 'transaction'>
  | { readonly wants: 'meaning'; readonly meanings: readonly Meaning[] }
  | undefined;

/**
 * Reads what somebody typed, pasted or scanned: an id, a digest, a transaction id, or an address whose fragment is a
 * receipt.
 * @param meaning of 64 hex digits, because SHA-256 and SM3 values and transaction ids look alike (requirement R05).
 * @returns what it is, `wants` where only the meaning is missing, `undefined` where it is none of these
 */
export function readText(text: string, meaning: Meaning | undefined): ReadText {
  const trimmed = text.trim();
  const id = orUndefined(() => parseEvidenceId(trimmed.replace(/^ev/i, 'EV').replace(/(?<=^EV).*/, toLower)));
  if (id !== undefined) return { id };
  const fragment = /#(?:r=)?([A-Za-z0-9_-]{40,})$/.exec(trimmed)?.[1];
  const bytes = fragment === undefined ? undefined : readFragment(fragment);
  if (bytes !== undefined) return { receipt: { bytes, from: 'code' } };
  return readHex(trimmed, meaning);
}

/** The receipt in an address's fragment, which no server ever sees. @returns `undefined` where it holds none */
export function readFragment(fragment: string): Uint8Array<ArrayBuffer> | undefined {
  const text = fragment.replace(/^#?(r=)?/, '');
  if (text === '') return undefined;
  return orUndefined(() => new Uint8Array(fromBase64Url(text)));
}

function readHex(text: string, meaning: Meaning | undefined): ReadText {
  const transaction = orUndefined(() => parseTxId(text.toLowerCase()));
  const fitting: Meaning[] = HASH_ALGORITHMS.filter((name) => orUndefined(() => parseDigestHex(name, text)));
  if (transaction !== undefined) fitting.push('transaction');
  const [only] = fitting;
  if (only === undefined) return undefined;
  const chosen = fitting.length === 1 ? only : fitting.find((name) => name === meaning);
  if (chosen === undefined) return { wants: 'meaning', meanings: fitting };
  if (chosen === 'transaction') return transaction === undefined ? undefined : { transaction };
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
