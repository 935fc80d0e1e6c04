import { type AttestedAnswer, type AttestedSubject, parseAttestedAnswer } from '../../domain/attestation.js';
import { canonicalJson, type Json } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { fromUtf8 } from '../bytes.js';
import {
  type NamespaceReads,
  readResponsePayload,
  type ResponsePayload,
  type Version,
} from '../fabric/response-payload.js';
import { ProofError } from '../proof-error.js';
import { type AttestationPolicy } from '../trust/trust-root.js';
import { CheckFailed, demand } from './finding.js';

/** The endorsed payload and the answer in it, both well-formed. */
export interface ReadAnswer {
  readonly payload: ResponsePayload;
  readonly answer: AttestedAnswer;
}

const STATUS_OK = 200n;
const CEILING = '\u{10FFFF}';

/** Step `payload`. @throws CheckFailed, ProofError */
export function checkPayload(bytes: Uint8Array, policy: AttestationPolicy): ReadAnswer {
  const payload = readResponsePayload(bytes);
  demand(payload.status === STATUS_OK, 'ANSWER_STATUS', { status: Number(payload.status) });
  const { name, version } = payload.chaincode;
  const known = policy.chaincodes.some((each) => each.name === name && each.versions.includes(version));
  demand(known, 'CHAINCODE_UNKNOWN', { name, version });
  demandNoWrites(payload);
  return { payload, answer: readAnswer(payload.payload) };
}

/** @throws CheckFailed ATTESTATION_WRITES */
export function demandNoWrites({ namespaces, event }: ResponsePayload): void {
  const writer = namespaces.find(({ writes, changesMore }) => writes.length > 0 || changesMore);
  demand(writer === undefined && event.length === 0, 'ATTESTATION_WRITES', { namespace: writer?.namespace ?? '' });
}

/** @throws {ProofError} ANSWER_MALFORMED unless the bytes are canonical JSON of an answer */
export function readAnswer(bytes: Uint8Array): AttestedAnswer {
  const value = readCanonical(bytes);
  try {
    return parseAttestedAnswer(value);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new ProofError('ANSWER_MALFORMED', cause.message, { cause });
  }
}

/** JSON whose bytes are its canonical form (RFC 8785): so a repeated member is seen. @throws {ProofError} ANSWER_MALFORMED */
export function readCanonical(bytes: Uint8Array): Json {
  const text = fromUtf8(bytes) ?? '';
  try {
    const value = JSON.parse(text) as Json;
    if (canonicalJson(value) === text) return value;
  } catch (cause) {
    throw new ProofError('ANSWER_MALFORMED', 'JSON is wanted', { cause });
  }
  throw new ProofError('ANSWER_MALFORMED', 'canonical JSON is wanted');
}

/** The state's key of a subject (fabric-shim, createCompositeKey). */
export function keyOf(subject: AttestedSubject): string {
  return `\u0000${subject.map((part) => `${part}\u0000`).join('')}`;
}

/** What the read set says about the answer's subject. */
export interface ReadEvidence {
  /** Where the record was last written; undefined for an absence. */
  readonly version: Version | undefined;
  /** Block of the last heartbeat that was read: a lower bound of the ledger's height. */
  readonly heartbeatBlock: bigint | undefined;
}

/** Step `record`, as far as the read set goes. @throws CheckFailed READ_MISSING, READ_CONTRADICTS */
export function checkReads({ payload, answer }: ReadAnswer): ReadEvidence {
  const reads = payload.namespaces.filter(({ namespace }) => namespace === payload.chaincode.name);
  const own = reads[0];
  if (own === undefined || reads.length > 1) throw new CheckFailed('INVALID', 'READ_MISSING');
  const heartbeatBlock = own.reads.find(({ key }) => key === keyOf(['heartbeat']))?.version?.block;
  const key = keyOf(answer.subject);
  const [read, ...more] = own.reads.filter((each) => each.key === key);
  if (answer.found) {
    demand(read !== undefined && more.length === 0, 'READ_MISSING');
    demand(read.version !== undefined, 'READ_CONTRADICTS');
    return { version: read.version, heartbeatBlock };
  }
  demand(read?.version === undefined && more.length === 0, 'READ_CONTRADICTS');
  if (read === undefined) demandEmptyRange(own, key);
  return { version: undefined, heartbeatBlock };
}

/** A range over every key that begins so, read to its end, without a result. Keys compare by their UTF-8 bytes. */
function demandEmptyRange({ ranges }: NamespaceReads, key: string): void {
  const around = ranges.filter(
    ({ start, end }) => start <= key && key.startsWith(start) && end === `${start}${CEILING}`,
  );
  demand(around.length > 0, 'READ_MISSING');
  const empty = around.some(({ exhausted, reads, hashed }) => exhausted && !hashed && reads.length === 0);
  demand(empty, 'READ_CONTRADICTS');
}
