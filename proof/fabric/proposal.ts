import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex, utf8 } from '../bytes.js';
import { type Attestation } from '../format/receipt.js';
import { field } from './identity.js';
import { readMessage } from './protobuf.js';

const TX_ID_CHARS = 64;

/** What a proposal said, as the endorsers' `proposal_hash` binds it. */
export interface Proposal {
  /** common.HeaderType. */
  readonly type: bigint;
  readonly channel: string;
  readonly txId: string;
  /** The proposal's own time in Unix milliseconds: its client's claim, which the contract's guard compared with clocks. */
  readonly timeMs: number;
  /** Name in the header's extension. */
  readonly chaincode: string;
  /** Name in the invocation. */
  readonly called: string;
  readonly args: readonly Uint8Array[];
  /** SHA-256 over channel header, signature header and chaincode proposal payload. */
  readonly hash: Uint8Array;
}

/**
 * Puts an attestation's proposal together again. The transaction id is not in the receipt because it follows from
 * nonce and creator. @param creator bytes of the `msp.SerializedIdentity` that the attestation refers to.
 * @throws {ProofError} PROTOBUF_MALFORMED
 * Source: Fabric protoutil/proputils.go, ComputeTxID; protoutil/txutils.go, GetProposalHash1.
 */
export function rebuildProposal(attestation: Attestation, creator: Uint8Array): Proposal {
  const { headerBefore, headerAfter, nonce, input } = attestation;
  const txId = toHex(sha256(concat(nonce, creator)));
  const header = concat(headerBefore, utf8(txId), headerAfter);
  const signatureHeader = concat(field(1, creator), field(2, nonce));
  return { ...readChannelHeader(header), ...readInput(input), hash: sha256(concat(header, signatureHeader, input)) };
}

/** Cuts a channel header around its transaction id. @throws {RangeError} where the id is not in it exactly once */
export function splitChannelHeader(header: Uint8Array, txId: string): { before: Uint8Array; after: Uint8Array } {
  const wanted = concat(Uint8Array.of((5 << 3) | 2, TX_ID_CHARS), utf8(txId));
  const places: number[] = [];
  for (let start = 0; start + wanted.length <= header.length; start += 1) {
    if (wanted.every((byte, index) => header[start + index] === byte)) places.push(start);
  }
  const [start] = places;
  if (start === undefined || places.length > 1 || txId.length !== TX_ID_CHARS) {
    throw new RangeError('the header does not hold its transaction id once');
  }
  return { before: header.slice(0, start + 2), after: header.slice(start + 2 + TX_ID_CHARS) };
}

/** Reads `common.ChannelHeader`. @throws {ProofError} PROTOBUF_MALFORMED */
export function readChannelHeader(
  bytes: Uint8Array,
): Pick<Proposal, 'type' | 'channel' | 'txId' | 'timeMs' | 'chaincode'> {
  const layout = { 1: 'uint', 2: 'uint', 3: 'bytes', 4: 'text', 5: 'text', 6: 'uint', 7: 'bytes', 8: 'bytes' } as const;
  const header = readMessage(bytes, layout, 'channel header');
  const time = readMessage(header[3], { 1: 'uint', 2: 'uint' }, 'timestamp');
  const extension = readMessage(header[7], { 2: 'bytes' }, 'extension');
  const chaincode = readMessage(extension[2], { 1: 'text', 2: 'text', 3: 'text' }, 'chaincode id');
  const timeMs = Number(time[1]) * 1000 + Math.floor(Number(time[2]) / 1_000_000);
  return { type: header[1], channel: header[4], txId: header[5], timeMs, chaincode: chaincode[2] };
}

function readInput(bytes: Uint8Array): Pick<Proposal, 'called' | 'args'> {
  const outer = readMessage(bytes, { 1: 'bytes' }, 'input');
  const invocation = readMessage(outer[1], { 1: 'bytes' }, 'invocation');
  const spec = readMessage(invocation[1], { 1: 'uint', 2: 'bytes', 3: 'bytes' }, 'chaincode spec');
  const chaincode = readMessage(spec[2], { 1: 'text', 2: 'text', 3: 'text' }, 'chaincode id');
  const call = readMessage(spec[3], { 1: 'list' }, 'call');
  return { called: chaincode[2], args: call[1] };
}
