import { parseDigestHex, parseHashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { type LawLine } from '../../domain/law-lines.js';
import { statusWording, type Wording } from '../../domain/wording.js';
import { decodeReceipt, encodeReceipt } from '../../proof/format/codec.js';
import { readReceipt } from '../../proof/format/compact.js';
import { readTrustRoot, trustRootFingerprints } from '../../proof/trust/parse.js';
import { lawLinesOf } from '../../proof/verify/law.js';
import { type Report, type ReportFacts } from '../../proof/verify/report.js';
import { type Question, ReceiptVerifier } from '../../proof/verify/verify-receipt.js';
import { type ReceiptOffice, type Stored } from './office.js';

/** How long one reading of the consortium's configuration serves, milliseconds. */
const TRUST_MS_MAX = 10_000;

/** A receipt that the gateway judged for somebody without a verifier: the same findings as offline. */
export interface JudgedReceipt extends Report {
  /** Of the trust root that it was judged by, to be compared with what was published. */
  readonly trustRoot: { readonly 'sha-256': string; readonly sm3: string };
  readonly law: readonly LawLine[];
  /** How the record stands now; absent where the receipt's own signatures do not hold, so that nothing is known of it. */
  readonly online?: OnlineStanding;
}

/** What organisations signed about the record just now, judged just the same; or that nobody could be asked. */
export type OnlineStanding =
  | (Pick<Report, 'verdict' | 'findings' | 'facts'> & { readonly receipt: string })
  | { readonly verdict: 'UNVERIFIABLE_NOW'; readonly wording: Wording };

/** What receipts are judged with. */
export interface JudgeOptions {
  /** Canonical JSON of the trust root. @throws UNVERIFIABLE_NOW */
  readonly trustRoot: () => Promise<Uint8Array>;
  readonly office: ReceiptOffice;
  /** A record or batch as the chain has it now. @throws UNVERIFIABLE_NOW */
  readonly find: (id: ReturnType<typeof parseEvidenceId>) => Promise<Stored | undefined>;
  readonly now?: () => number;
}

interface KnownTrust {
  readonly verifier: ReceiptVerifier;
  readonly prints: JudgedReceipt['trustRoot'];
}

/** Judges receipts by the trust root as this gateway sees it, for whoever has nothing better at hand. */
export class ReceiptJudge {
  readonly #options: JudgeOptions;
  #known: KnownTrust | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** @param bytes a receipt, whole or compact. @throws UNVERIFIABLE_NOW where there never was a trust root to judge by */
  async judge(bytes: Uint8Array, question: Question): Promise<JudgedReceipt> {
    const { verifier, prints } = await this.#trust();
    const report = await verifier.verify(bytes, question);
    const common = { ...report, trustRoot: prints, law: await lawLinesOf(bytes, report) };
    if (report.facts === undefined) return common;
    return { ...common, online: await this.#standingNow(bytes, report.facts, question, verifier) };
  }

  async #standingNow(
    bytes: Uint8Array,
    facts: ReportFacts,
    { file }: Question,
    verifier: ReceiptVerifier,
  ): Promise<OnlineStanding> {
    try {
      const { batch } = await readReceipt(bytes);
      const fresh = decodeReceipt(await this.#attest(facts));
      const receipt = encodeReceipt({ ...fresh, ...(batch && { batch }) });
      const { verdict, findings, facts: found } = await verifier.verify(receipt, file === undefined ? {} : { file });
      return { verdict, findings, ...(found && { facts: found }), receipt: Buffer.from(receipt).toString('base64') };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { verdict: 'UNVERIFIABLE_NOW', wording: statusWording('UNVERIFIABLE_NOW') };
    }
  }

  #attest({ answer }: ReportFacts): Promise<Uint8Array> {
    const { office, find } = this.#options;
    const [type, first = '', second = ''] = answer.subject;
    if (type === 'digest') {
      const algorithm = parseHashAlgorithm(first);
      return office.attestDigest(algorithm, parseDigestHex(algorithm, second));
    }
    const id = parseEvidenceId(first);
    return find(id).then((stored) => (stored === undefined ? office.attestAbsence(id) : office.attestNow(stored)));
  }

  /** A trust root that was true a moment ago still judges well; where peers are away, the last one does. */
  async #trust(): Promise<KnownTrust> {
    const nowMs = (this.#options.now ?? Date.now)();
    if (this.#known !== undefined && nowMs - this.#readAtMs < TRUST_MS_MAX) return this.#known;
    try {
      const root = readTrustRoot(await this.#options.trustRoot());
      this.#known = { verifier: new ReceiptVerifier(root), prints: trustRootFingerprints(root) };
      this.#readAtMs = nowMs;
    } catch (error) {
      if (this.#known === undefined || !(error instanceof DomainError)) throw error;
    }
    return this.#known;
  }
}
