import { type Actor } from '../../domain/actor.js';
import { type AttestedRecord } from '../../domain/attestation.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceView } from '../../domain/evidence-view.js';
import { optional, readFields, readShape } from '../../domain/fields.js';
import { readAnswer } from '../../proof/verify/answer.js';
import { readIdentity } from '../../proof/fabric/identity.js';
import { readResponsePayload } from '../../proof/fabric/response-payload.js';
import { decodeReceipt, identityRef } from '../../proof/format/codec.js';
import { compactReceipt, toBase64Url } from '../../proof/format/compact.js';
import { type Receipt } from '../../proof/format/receipt.js';
import { type AuditQuery } from '../audit/query.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';
import { type ReceiptOffice } from '../receipts/office.js';
import { readStampedTime } from '../receipts/timestamp.js';
import { CertificateLog } from './certificate-log.js';
import { certificateRows, type CertificateFacts, type StatedFile } from './content.js';
import { drawCertificate } from './page.js';
import { type PdfSigner, signPdf } from './pdf-signature.js';

/** Ordering services of real Fabric; every other name is a network on one machine. */
const FABRIC_CONSENSUS: readonly string[] = ['BFT', 'etcdraft'];
const BYTES_MAX = 2 ** 50;

/** What certificates are made with. */
export interface CertificatesOptions {
  readonly office: ReceiptOffice;
  readonly query: AuditQuery;
  readonly signer: () => PdfSigner;
  readonly mspId: string;
  readonly verifyPage?: string;
  readonly filing?: string;
  readonly now?: () => number;
}

/** Issues 存证证书 to the parties of a record, and logs every issue (requirements R22, R23). */
export class Certificates {
  readonly #options: CertificatesOptions;
  readonly #log: CertificateLog;

  constructor(options: CertificatesOptions) {
    this.#options = options;
    this.#log = new CertificateLog(options.office.store.database);
  }

  /** The newest issue, byte for byte; `undefined` where none was made. @throws NOT_OWNER for whom is no party */
  find(view: EvidenceView, applicant: Actor): Uint8Array | undefined {
    checkParty(view, applicant);
    return this.#log.newest(view.record.id)?.bytes;
  }

  /**
   * Issues a certificate; a later issue says the same under the next number.
   * @param stated what the applicant says of the file; a reissue repeats what the first one printed.
   * @returns PDF, signed by this organisation.
   * @throws NOT_OWNER for whom is no party, REQUEST_MALFORMED for characters that cannot be shown, UNVERIFIABLE_NOW
   */
  async issue(view: EvidenceView, applicant: Actor, stated: StatedFile): Promise<Uint8Array> {
    checkParty(view, applicant);
    const { record } = view;
    const before = this.#log.newest(record.id);
    const said = before === undefined ? stated : (JSON.parse(before.stated) as StatedFile);
    const issue = (before?.issue ?? 0) + 1;
    const issuedAt = new Date((this.#options.now ?? Date.now)()).toISOString();
    const receipt = await this.#options.office.issue(record);
    const decoded = decodeReceipt(receipt);
    const facts = this.#factsOf(view, decoded, { issue, issuedAt, stated: said });
    const drawn = await drawCertificate({
      ...{ id: record.id, rows: certificateRows(facts), receipt, issuedAt: new Date(issuedAt) },
      qrText: `${this.#options.verifyPage ?? 'yinzheng:receipt'}#${toBase64Url(await compactReceipt(decoded))}`,
    });
    const bytes = signPdf(drawn, this.#options.signer());
    const { mspId, unit, name } = applicant;
    const entry = { evidenceId: record.id, issue, issuedAt, unit, stated: canonicalJson(said), bytes };
    this.#log.add({ ...entry, applicant: `${mspId} ${name}` });
    return bytes;
  }

  #factsOf(
    { record }: EvidenceView,
    receipt: Receipt,
    rest: Pick<CertificateFacts, 'issue' | 'issuedAt' | 'stated'>,
  ): CertificateFacts {
    const { query, mspId, verifyPage, filing } = this.#options;
    const place = query.placeOf(record.txId);
    const hash = place && query.block(place.blockNumber)?.hash;
    const configuration = query.configuration();
    if (place === undefined || hash === undefined || configuration === undefined) {
      throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed record', retryAfter: RETRY_AFTER_S });
    }
    const payload = readResponsePayload(receipt.attestation.payload);
    return {
      ...rest,
      record,
      issuer: mspId,
      answer: readAnswer(payload.payload) as AttestedRecord, // The receipt of a record that is there.
      channel: receipt.channel,
      chaincode: payload.chaincode,
      organisations: signersOf(receipt),
      blockNumber: place.blockNumber,
      blockHash: hash,
      embedded: !FABRIC_CONSENSUS.includes(configuration.consensus),
      ...optional('trustedTime', receipt.timestamp && readStampedTime(receipt.timestamp)),
      ...optional('verifyPage', verifyPage),
      ...optional('filing', filing),
    };
  }
}

/** Who submitted a record, holds it or objected to it. @throws NOT_OWNER */
function checkParty({ record, custody, objections }: EvidenceView, { mspId, unit }: Actor): void {
  const parties = [record.submitter, custody.holder, ...objections.map(({ objector }) => objector)];
  if (!parties.some((party) => party.mspId === mspId && party.unit === unit)) throw new DomainError('NOT_OWNER');
}

function signersOf({ attestation, identities = [] }: Receipt): string[] {
  const named = new Map(identities.map((bytes) => [toBase64Url(identityRef(bytes)), readIdentity(bytes).mspId]));
  const signers = attestation.signatures.map(({ endorser }) => named.get(toBase64Url(endorser)) ?? '');
  return [...new Set(signers)].sort();
}

/** What an applicant says of the file. @throws REQUEST_MALFORMED */
export function parseStatedFile(value: unknown): StatedFile {
  const { fileName, bytes, mediaType } = readFields(value ?? {}, ['fileName', 'bytes', 'mediaType'], 'body');
  const size = typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 && bytes <= BYTES_MAX;
  if (bytes !== undefined && !size) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'bytes', wanted: 'a whole number of bytes' });
  }
  const text = (from: unknown, where: string) =>
    from === undefined ? undefined : readShape(from, /^[^\p{Cc}]{1,120}$/u, where, '1 to 120 printable characters');
  return {
    ...optional('name', text(fileName, 'fileName')),
    ...optional('bytes', size ? bytes : undefined),
    ...optional('mediaType', text(mediaType, 'mediaType')),
  };
}
