import { type Standing } from '../../domain/attestation.js';
import { optional } from '../../domain/fields.js';
import { toHex } from '../bytes.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ChainBuilder } from '../crypto/chain.js';
import { Membership } from '../crypto/membership.js';
import { platformCrypto, type Subtle } from '../crypto/signature.js';
import { attestationBytes } from '../format/codec.js';
import { readReceipt } from '../format/compact.js';
import { type Receipt } from '../format/receipt.js';
import { type TrustRoot } from '../trust/trust-root.js';
import { checkPayload, checkReads, keyOf, type ReadAnswer, type ReadEvidence } from './answer.js';
import { checkAudit } from './audit.js';
import { checkChannel, checkSignatures, findEpoch, type Signers, type SigningMoment } from './endorsements.js';
import { readEnclosed } from './enclosed-record.js';
import { checkAbsentFile, checkBatch, checkFile, type FileDigests } from './file.js';
import { CheckFailed, demand, type Finding, ground, makeFinding, runStep, STEPS } from './finding.js';
import { IdentityBook } from './identity-book.js';
import { makeReport, type Report, type ReportFacts } from './report.js';
import { checkSeal } from './seal.js';
import { checkStatus } from './status.js';
import { checkStream, type StreamFacts } from './stream.js';
import { checkTimestamp, type TrustedTime } from './timestamp.js';
import { checkOrdering, type WantedWrite } from './transaction.js';

/** What is asked of a receipt. */
export interface Question {
  /** Digests of the file that the receipt is held to be about; without them nothing is compared. */
  readonly file?: FileDigests;
  /** Unix milliseconds of the date for which the standing is asked. */
  readonly asOfMs?: number;
}

/** Judges receipts under one trust root, and remembers certificates and chains between them. No clock, no network. */
export class ReceiptVerifier {
  readonly #trust: TrustRoot;
  readonly #subtle: Subtle | undefined;
  readonly #book: IdentityBook;
  readonly #signers: Omit<Signers, 'identities'>;

  /** @param crypto the platform's cryptography where it has some, else pure JavaScript. */
  constructor(trust: TrustRoot, crypto: Subtle | 'pure' = platformCrypto() ?? 'pure') {
    const subtle = crypto === 'pure' ? undefined : crypto;
    const builder = new ChainBuilder(subtle);
    const everywhere = trust.epochs.flatMap(({ organisations }) => organisations);
    this.#trust = trust;
    this.#subtle = subtle;
    this.#book = new IdentityBook(trust);
    this.#signers = { trust, builder, membership: new Membership(builder), everywhere };
  }

  /** @param bytes a receipt, whole or compact. Hostile bytes are findings, never errors. */
  async verify(bytes: Uint8Array, question: Question = {}): Promise<Report> {
    const format = await runStep('format', async () => ({ proved: await readReceipt(bytes) }));
    if (format.proved === undefined) {
      const rest = STEPS.slice(1).map((step) => makeFinding(step, 'SKIPPED', 'GROUND_MISSING'));
      return makeReport([format.finding, ...rest], undefined);
    }
    const { findings, facts } = await this.#judge(format.proved, question);
    const all = [format.finding, ...findings];
    return makeReport(
      STEPS.flatMap((step) => all.filter((finding) => finding.step === step)),
      facts,
    );
  }

  async #judge(receipt: Receipt, question: Question): Promise<{ findings: Finding[]; facts: ReportFacts | undefined }> {
    const { attestation } = receipt;
    const { policy, timestampAuthorities } = this.#trust;
    const signers: Signers = { ...this.#signers, identities: this.#book.lookup(receipt.identities ?? []) };
    const payload = await runStep('payload', () => ({ proved: checkPayload(attestation.payload, policy) }));
    const channel = await runStep('channel', () => ({
      proved: checkChannel(receipt, ground(payload.proved).payload, signers),
    }));
    const timestamp = await runStep('timestamp', async () => {
      const stamped = receipt.timestamp && attestationBytes(attestation);
      return described(
        await checkTimestamp(receipt.timestamp, stamped ?? attestation.payload, timestampAuthorities, this.#subtle),
      );
    });
    const stampedMs = timestamp.proved?.genTimeMs;
    const signatures = await runStep('signatures', async () => {
      const { timeMs } = ground(channel.proved);
      const moment = { epoch: findEpoch(this.#trust, receipt.configBlock, timeMs), timeMs, stampedMs };
      const organisations = await checkSignatures(attestation, moment, signers);
      return { proved: { moment, organisations }, details: { organisations: organisations.join(', ') } };
    });
    const subject = await judgeSubject(receipt, question, payload.proved);
    const write = wantedWrite(receipt, payload.proved);
    const version = subject.reads?.version;
    const ordering = await runStep('ordering', async () => {
      if (receipt.ordering === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
      const found = await checkOrdering(receipt.ordering, ground(version), ground(write), signers);
      return { proved: found, details: { signers: found.join(', ') } };
    });
    const audit = await runStep('audit', async () => {
      if (receipt.audit === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
      const found = await checkAudit(receipt, ground(write), stampedMs, signers);
      return { proved: found, details: { txId: found.txId, organisations: found.organisations.join(', ') } };
    });
    const seal = await runStep('seal', async () => {
      if (receipt.seal === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
      const found = await checkSeal(receipt.seal, attestation, ground(signatures.proved).moment, signers);
      return { proved: found, details: found };
    });
    const status = await runStep<Standing>('status', () => {
      const { timeMs } = ground(signatures.proved).moment;
      ground(subject.reads);
      return checkStatus(ground(payload.proved).answer, timeMs, question.asOfMs, policy);
    });
    const results = [payload, channel, signatures, ordering, audit, timestamp, seal, status];
    const findings = [...subject.findings, ...results.map(({ finding }) => finding)];
    const facts = factsOf(receipt, payload.proved, subject, signatures.proved, timestamp.proved);
    return { findings, facts };
  }
}

/** What is known of the subject where its own steps hold. */
interface JudgedSubject {
  readonly reads: ReadEvidence | undefined;
  readonly stream: StreamFacts | undefined;
  /** RFC 3339; of the enclosed record, whose hash organisations signed. */
  readonly claimedAt: string | undefined;
}

/** The steps about the subject itself: `batch`, `file`, `record`, `stream`. */
async function judgeSubject(
  receipt: Receipt,
  question: Question,
  read: ReadAnswer | undefined,
): Promise<JudgedSubject & { findings: Finding[] }> {
  const batch = await runStep('batch', () => ({ proved: checkBatch(ground(read).answer, receipt.batch) }));
  const file = await runStep('file', () => {
    const { answer } = ground(read);
    const details = answer.found
      ? checkFile(receipt.batch === undefined ? answer.digests : ground(batch.proved), question.file)
      : checkAbsentFile(answer.subject, question.file);
    return { proved: details, details };
  });
  const record = await runStep('record', () => {
    const reads = checkReads(ground(read));
    const { answer } = ground(read);
    const enclosed = receipt.record;
    const same = enclosed === undefined || (answer.found && toHex(sha256(enclosed)) === answer.record);
    demand(same, 'RECORD_HASH');
    return { proved: reads, details: versionDetails(reads) };
  });
  const stream = await runStep('stream', () => {
    ground(record.proved);
    const { answer } = ground(read);
    if (answer.found && answer.batch !== undefined) ground(batch.proved);
    return checkStream(answer, receipt);
  });
  const findings = [batch, file, record, stream].map(({ finding }) => finding);
  const claimedAt = record.proved && readEnclosed(receipt.record)?.claimedAt;
  return { findings, reads: record.proved, stream: stream.proved, claimedAt };
}

function versionDetails({ version, heartbeatBlock }: ReadEvidence): Record<string, string> {
  return {
    ...(version && { block: String(version.block), tx: String(version.tx) }),
    ...(heartbeatBlock !== undefined && { heartbeatBlock: String(heartbeatBlock) }),
  };
}

function described(time: TrustedTime): { proved: TrustedTime; details: Record<string, string> } {
  const { genTimeMs, ...rest } = time;
  return { proved: time, details: { trustedTime: new Date(genTimeMs).toISOString(), ...rest } };
}

function wantedWrite(receipt: Receipt, read: ReadAnswer | undefined): WantedWrite | undefined {
  if (read?.answer.found !== true) return undefined;
  const { answer, payload } = read;
  const { name: chaincode } = payload.chaincode;
  return { channel: receipt.channel, chaincode, key: keyOf(answer.subject), record: answer.record };
}

function factsOf(
  receipt: Receipt,
  read: ReadAnswer | undefined,
  { reads, stream, claimedAt }: JudgedSubject,
  signed: { moment: SigningMoment; organisations: readonly string[] } | undefined,
  time: TrustedTime | undefined,
): ReportFacts | undefined {
  if (read === undefined || signed === undefined) return undefined;
  const { epoch, timeMs } = signed.moment;
  const { version, heartbeatBlock } = reads ?? {};
  return {
    channel: receipt.channel,
    consensus: epoch.consensus,
    attestedAt: new Date(timeMs).toISOString(),
    organisations: signed.organisations,
    chaincode: read.payload.chaincode,
    answer: read.answer,
    ...optional('claimedAt', claimedAt),
    ...(version && { version: { block: String(version.block), tx: String(version.tx) } }),
    ...(stream && { stream }),
    ...(heartbeatBlock !== undefined && { heartbeatBlock: String(heartbeatBlock) }),
    ...(time && { trustedTime: new Date(time.genTimeMs).toISOString() }),
  };
}

const verifiers = new WeakMap<TrustRoot, ReceiptVerifier>();

/**
 * Judges one receipt; the verifier made for a trust root serves it again. @param bytes a receipt, whole or compact.
 * @param trust as `readTrustRoot` (trust/parse.ts) gives it. Hostile bytes are findings, never errors.
 */
export function verifyReceipt(bytes: Uint8Array, trust: TrustRoot, question: Question = {}): Promise<Report> {
  const verifier = verifiers.get(trust) ?? new ReceiptVerifier(trust);
  verifiers.set(trust, verifier);
  return verifier.verify(bytes, question);
}
