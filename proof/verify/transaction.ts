import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.js';
import { readEndorsedTransaction } from '../fabric/envelope.js';
import { readChannelHeader } from '../fabric/proposal.js';
import { readMessage } from '../fabric/protobuf.js';
import { readResponsePayload } from '../fabric/response-payload.js';
import { ProofError } from '../proof-error.js';
import { coversData, type SignedBlock } from '../fabric/block.js';
import { type TrustRoot } from '../trust/trust-root.js';
import { findBlockSigners } from './block-signers.js';
import { CheckFailed, demand } from './finding.js';
import { type Signers } from './endorsements.js';
import { type Version } from '../fabric/response-payload.js';

const ENDORSER_TRANSACTION = 3n;

/** The write that a transaction must hold: a key of a chaincode and the hex of its value's SHA-256. */
export interface WantedWrite {
  readonly channel: string;
  readonly chaincode: string;
  readonly key: string;
  readonly record: string;
}

/** Step `ordering`. @returns who signed the block. @throws CheckFailed, ProofError */
export async function checkOrdering(
  block: SignedBlock | undefined,
  version: Version,
  wanted: WantedWrite,
  signers: Signers,
): Promise<readonly string[]> {
  if (block === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
  demand(BigInt(block.number) === version.block, 'BLOCK_NUMBER', { block: block.number, read: String(version.block) });
  demand(coversData(block), 'BLOCK_DATA_HASH');
  const epoch = epochBefore(signers.trust, block.number);
  const found = await findBlockSigners(block, epoch, signers);
  demand(found.signers.length >= found.wanted, 'BLOCK_QUORUM', { found: found.signers.length, wanted: found.wanted });
  demand(found.allHold, 'BLOCK_SIGNATURE');
  const payload = splitEnvelopes(block.data)[Number(version.tx)];
  demand(payload !== undefined, 'ENVELOPE_MISSING', { tx: String(version.tx) });
  demand(writes(payload, wanted), 'ENVELOPE_WRITE');
  return found.signers;
}

/** The newest epoch whose configuration block lies below: its orderers sign the block. */
function epochBefore({ epochs }: TrustRoot, number: number): TrustRoot['epochs'][number] {
  const epoch = epochs.filter(({ configBlock }) => configBlock < number).at(-1);
  if (epoch === undefined) throw new CheckFailed('ERROR', 'EPOCH_UNKNOWN', { block: number });
  return epoch;
}

/**
 * Cuts joined envelopes apart. A data hash does not say where one ends, but each envelope's two fields do, because
 * neither may be missing, repeated or longer than it says: so no envelope hides inside of another one.
 * @returns the payload of each. @throws CheckFailed ENVELOPE_MALFORMED
 */
export function splitEnvelopes(data: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let offset = 0; offset < data.length;) {
    const payload = takeField(data, offset, 0x0a);
    const signature = payload && takeField(data, payload.next, 0x12);
    if (payload === undefined || signature === undefined) {
      throw new CheckFailed('INVALID', 'ENVELOPE_MALFORMED', { offset });
    }
    payloads.push(payload.content);
    offset = signature.next;
  }
  return payloads;
}

function takeField(data: Uint8Array, offset: number, tag: number): { content: Uint8Array; next: number } | undefined {
  if (data[offset] !== tag) return undefined;
  let length = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = data[offset + index] ?? 0x80;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte >= 0x80) continue;
    if (byte === 0 && index > 1) return undefined;
    const start = offset + index + 1;
    const next = start + length;
    return length === 0 || next > data.length ? undefined : { content: data.subarray(start, next), next };
  }
  return undefined;
}

/** Whether a transaction of that channel writes it; what cannot be read writes nothing. @param payload `common.Payload` */
function writes(payload: Uint8Array, wanted: WantedWrite): boolean {
  try {
    const transaction = readEndorsedTransaction(payload);
    const header = readChannelHeader(transaction.channelHeader);
    if (header.type !== ENDORSER_TRANSACTION || header.channel !== wanted.channel) return false;
    return writtenBy(transaction.payload, wanted);
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

function writtenBy(endorsed: Uint8Array, { chaincode, key, record }: WantedWrite): boolean {
  const own = readResponsePayload(endorsed).namespaces.filter(({ namespace }) => namespace === chaincode);
  const found = own.flatMap(({ writes: each }) => each).filter((write) => write.key === key);
  return found.some(({ deletes, value }) => !deletes && toHex(sha256(value)) === record);
}

/** `protos.ProcessedTransaction`, as `qscc` answers. @throws {ProofError} PROTOBUF_MALFORMED */
export function readProcessedTransaction(bytes: Uint8Array): { readonly payload: Uint8Array; readonly code: number } {
  const processed = readMessage(bytes, { 1: 'bytes', 2: 'uint' }, 'processed transaction');
  return { payload: readMessage(processed[1], { 1: 'bytes', 2: 'bytes' }, 'envelope')[1], code: Number(processed[2]) };
}

/** Whether a transaction has this id and writes it. @throws {ProofError} PROTOBUF_MALFORMED */
export function isTransactionOf(payload: Uint8Array, txId: string, wanted: WantedWrite): boolean {
  const transaction = readEndorsedTransaction(payload);
  return readChannelHeader(transaction.channelHeader).txId === txId && writes(payload, wanted);
}
