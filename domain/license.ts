import { type Actor } from './actor.js';
import { type Day, parseDay } from './calendar.js';
import { type DigestHex, type DigestMap, parseDigestMap, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import { type Fields, optional, readInstant, readRequest, readWord } from './fields.js';
import { type HolderKeys, parseHolderKeys } from './holder-key.js';
import {
  type AttestationId,
  type EntryId,
  parseAttestationId,
  parseRequestId,
  type RequestId,
  type TxId,
} from './ids.js';
import { type LicenseId, type LicenseKey, type LicenseParts, parseLicenseId, readLicenseParts } from './license-id.js';
import {
  ENDING_STATUSES,
  type EndingStatus,
  LICENSE_OPERATIONS,
  type LicenseOperation,
  type LicenseStatus,
  VERSION_OPERATIONS,
} from './license-status.js';
import { type AuthorityUnit, type FieldName, parseAuthorityUnit, parseFieldName, readObject } from './license-type.js';
import { parseUnitCode, type UnitCode } from './unit-code.js';

/** 照面: what is printed on one version of a licence, as far as the chain may know it. */
export interface LicenseFace {
  /** First day on which it is good. */
  readonly validFrom: Day;
  /** Last day on which it is good; absent for 长期, without end. */
  readonly validTo?: Day;
  /** Salted SHA-256 of each private field: SHA-256(salt, 32 bytes ‖ value, UTF-8 in NFC without spaces around). */
  readonly fields: Readonly<Record<FieldName, DigestHex>>;
  /** Fields that stand in clear: unit codes of companies. */
  readonly unitCodes: Readonly<Record<FieldName, UnitCode>>;
  /** Digests of the OFD file (GB/T 33190). */
  readonly file?: DigestMap;
}

/** Where a licence came from that is taken over: 转入. */
export interface TransferSource {
  /** Its identifier, where it stands on this ledger; the contract looks whether it was let go. */
  readonly licenseId?: LicenseId;
  /** Otherwise the salted digest of its number (转出省原证照编号), the same that the attestation names. */
  readonly previousDigest?: DigestHex;
  /**
   * The other region's word that it is let go (办理转出), used for this very licence. Left out only where the licence
   * stays in its region: an organisation attests nothing to itself.
   */
  readonly attestationId?: AttestationId;
}

/** 新发 (01) or 转入 (08). */
export interface IssueRequest {
  readonly requestId: RequestId;
  /** Of version 001. */
  readonly licenseId: LicenseId;
  readonly operation: '01' | '08';
  readonly face: LicenseFace;
  readonly holder: HolderKeys;
  readonly transferredFrom?: TransferSource;
}

/** One of the operations 02 to 07, 09 and 10. */
export interface OperateRequest {
  readonly requestId: RequestId;
  /** The version that the caller believes to be the current one. */
  readonly licenseId: LicenseId;
  readonly operation: Exclude<LicenseOperation, '01' | '08'>;
  /** With operation 05 only. */
  readonly ending?: EndingStatus;
  /** 生效时间; the transaction's own time where it is left out. None with operation 04 and ending 03. */
  readonly effectiveFrom?: string;
  /** 依据文书号: salted digest of the document that it rests on. */
  readonly documentDigest?: DigestHex;
  /** The next version's face, with operations 02 and 09 only. */
  readonly face?: LicenseFace;
  /** Who may take the licence over, with ending 06 only. */
  readonly transferTo?: AuthorityUnit;
}

/** One step in a licence's life, a key of its own; {@link IssueRequest} makes the first one. */
export interface LicenseAct {
  readonly schema: 'license-act/1';
  readonly id: EntryId;
  readonly licenseKey: LicenseKey;
  /** Place among the licence's acts, from 1. */
  readonly sequence: number;
  readonly request: IssueRequest | OperateRequest;
  readonly from: LicenseStatus | 'none';
  readonly to: LicenseStatus;
  /** The version that is current after it. */
  readonly version: number;
  /** Identifier of that version. */
  readonly licenseId: LicenseId;
  /** The version before it, after operations 02 and 09. */
  readonly supersedes?: LicenseId;
  readonly effectiveFrom: string;
  /** Whether it reaches back to issue: 撤销. */
  readonly retroactive: boolean;
  readonly actor: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** What of a licence changes: one key, which every act rewrites and whose policy is the issuing organisation's. */
export interface LicenseHead {
  readonly schema: 'license-head/1';
  readonly licenseKey: LicenseKey;
  /** The issuing authority's organisation. */
  readonly mspId: string;
  /** How many acts count: the `sequence` of the last one. */
  readonly sequence: number;
  readonly version: number;
  readonly holder: HolderKeys;
  /** Versions whose private values were deleted on request. */
  readonly purged: readonly number[];
}

/** Which operations need a document to rest on: all that take something away or give it back. */
const NEED_DOCUMENT: readonly LicenseOperation[] = ['03', '05', '06', '07', '10'];

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, LICENSE_DATES */
export function parseIssueRequest(value: unknown): IssueRequest {
  const members = ['requestId', 'licenseId', 'operation', 'face', 'holder', 'transferredFrom'];
  const fields = readRequest(value, members);
  const operation = readWord(fields.operation ?? '01', ['01', '08'] as const, 'operation');
  if ((operation === '08') !== (fields.transferredFrom !== undefined)) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'transferredFrom', wanted: 'with operation 08 and only then' });
  }
  const { version } = readLicenseParts(fields.licenseId, { legacy: true });
  if (version !== 1) throw new DomainError('ID_MALFORMED', { wanted: 'version 001' });
  return {
    requestId: parseRequestId(fields.requestId),
    licenseId: parseLicenseId(fields.licenseId, { legacy: true }),
    operation,
    face: parseFace(fields.face),
    holder: parseHolderKeys(fields.holder),
    ...optional(
      'transferredFrom',
      fields.transferredFrom === undefined ? undefined : parseSource(fields.transferredFrom),
    ),
  };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, LICENSE_DATES */
export function parseOperateRequest(value: unknown): OperateRequest {
  const members = ['requestId', 'licenseId', 'operation', 'ending', 'effectiveFrom', 'documentDigest', 'face'];
  const fields = readRequest(value, [...members, 'transferTo']);
  const operation = readWord(fields.operation, LICENSE_OPERATIONS, 'operation');
  if (operation === '01' || operation === '08') {
    throw new DomainError('REQUEST_MALFORMED', { where: 'operation', wanted: 'an operation on an issued licence' });
  }
  const ending = fields.ending === undefined ? undefined : readWord(fields.ending, ENDING_STATUSES, 'ending');
  wantOnly(fields, 'ending', operation === '05');
  wantOnly(fields, 'face', VERSION_OPERATIONS.includes(operation));
  wantOnly(fields, 'transferTo', ending === '06');
  // 撤销 begins with the licence, and 过期 when its last day was over, whatever anybody says.
  if (ending === '03' || operation === '04') wantOnly(fields, 'effectiveFrom', false);
  if (NEED_DOCUMENT.includes(operation)) wantOnly(fields, 'documentDigest', true);
  return {
    requestId: parseRequestId(fields.requestId),
    licenseId: parseLicenseId(fields.licenseId, { legacy: true }),
    operation,
    ...optional('ending', ending),
    ...optionalRead(fields, 'effectiveFrom', (time) => readInstant(time, 'effectiveFrom')),
    ...optionalRead(fields, 'documentDigest', parseSaltedDigest),
    ...optionalRead(fields, 'face', parseFace),
    ...optionalRead(fields, 'transferTo', (unit) => parseAuthorityUnit(unit, 'transferTo')),
  };
}

/** The parts of an identifier that the chain wrote down. */
export function partsOf(id: LicenseId): LicenseParts {
  return readLicenseParts(id, { legacy: true });
}

/** @throws REQUEST_MALFORMED, DIGEST_MALFORMED, LICENSE_DATES where it would end before it begins */
function parseFace(value: unknown): LicenseFace {
  const fields = readRequest(value, ['validFrom', 'validTo', 'fields', 'unitCodes', 'file'], 'face');
  const validFrom = parseDay(fields.validFrom, 'face.validFrom');
  const validTo = fields.validTo === undefined ? undefined : parseDay(fields.validTo, 'face.validTo');
  if (validTo !== undefined && validTo < validFrom) throw new DomainError('LICENSE_DATES', { where: 'face.validTo' });
  return {
    validFrom,
    ...optional('validTo', validTo),
    fields: readNamed(fields.fields, 'face.fields', parseSaltedDigest),
    unitCodes: readNamed(fields.unitCodes ?? {}, 'face.unitCodes', (code) => parseUnitCode(code, 'face.unitCodes')),
    ...optionalRead(fields, 'file', (file) => parseDigestMap(file, 'face.file')),
  };
}

/** An object from field names to values of one kind. @throws REQUEST_MALFORMED and what `read` throws */
export function readNamed<Value>(
  value: unknown,
  where: string,
  read: (value: unknown) => Value,
): Readonly<Record<FieldName, Value>> {
  const entries = Object.entries(readObject(value, where));
  return Object.fromEntries(entries.map(([name, each]) => [parseFieldName(name, where), read(each)]));
}

function parseSource(value: unknown): TransferSource {
  const fields = readRequest(value, ['licenseId', 'previousDigest', 'attestationId'], 'transferredFrom');
  const here = fields.licenseId !== undefined;
  wantOnly(fields, 'previousDigest', !here);
  if (!here) wantOnly(fields, 'attestationId', true);
  return {
    ...optionalRead(fields, 'licenseId', (id) => parseLicenseId(id, { legacy: true })),
    ...optionalRead(fields, 'previousDigest', parseSaltedDigest),
    ...optionalRead(fields, 'attestationId', parseAttestationId),
  };
}

function wantOnly(fields: Fields, where: string, wanted: boolean): void {
  if ((fields[where] !== undefined) === wanted) return;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: wanted ? 'a value' : 'nothing here' });
}

function optionalRead<Name extends string, Value>(
  fields: Fields,
  name: Name,
  read: (value: unknown) => Value,
): { [key in Name]?: Value } {
  return optional(name, fields[name] === undefined ? undefined : read(fields[name]));
}
