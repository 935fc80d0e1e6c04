import { type LawLine } from '../../../domain/law-lines.js';
import { readReceipt } from '../../../proof/format/compact.js';
import { RECEIPT_BYTES_MAX } from '../../../proof/format/receipt.js';
import { ProofError } from '../../../proof/proof-error.js';
import { readTrustRoot, trustRootFingerprints } from '../../../proof/trust/parse.js';
import { type TrustRoot } from '../../../proof/trust/trust-root.js';
import { lawLinesOf } from '../../../proof/verify/law.js';
import { type Report } from '../../../proof/verify/report.js';
import { type Question, verifyReceipt } from '../../../proof/verify/verify-receipt.js';

// The verifier and all its cryptography: pages import this module when there is something to verify, not before.

/** A trust root that was read, with what a gazette prints of it. */
export interface KnownTrust {
  readonly root: TrustRoot;
  readonly fingerprints: Readonly<Record<'sha-256' | 'sm3', string>>;
  /** The file itself, to be kept. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a receipt came to, and the lines keyed to the law. */
export interface Judged {
  readonly report: Report;
  readonly law: readonly LawLine[];
}

/** @returns `undefined` where the bytes are no trust root */
export function readTrust(bytes: Uint8Array<ArrayBuffer>): KnownTrust | undefined {
  try {
    const root = readTrustRoot(bytes);
    return { root, fingerprints: trustRootFingerprints(root), bytes };
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

/** Whether bytes are a receipt, whole or compact; nothing is said of what it is worth. */
export async function isReceipt(bytes: Uint8Array): Promise<boolean> {
  if (bytes.length > RECEIPT_BYTES_MAX) return false;
  try {
    await readReceipt(bytes);
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** Judges a receipt on this machine. Hostile bytes are findings. */
export async function judgeReceipt(bytes: Uint8Array, { root }: KnownTrust, question: Question): Promise<Judged> {
  const report = await verifyReceipt(bytes, root, question);
  return { report, law: await lawLinesOf(bytes, report) };
}
