import { ProofError } from '../proof-error.js';
import { readMessage } from './protobuf.js';

/** A place in the ledger: the transaction that last wrote a key. */
export interface Version {
  readonly block: bigint;
  readonly tx: bigint;
}

/** One key that was read; without a version it was absent. */
export interface Read {
  readonly key: string;
  readonly version?: Version;
}

/** A range that was read: from `start` up to, not including, `end`. */
export interface RangeRead {
  readonly start: string;
  readonly end: string;
  /** Whether the contract read to the end of the range. */
  readonly exhausted: boolean;
  readonly reads: readonly Read[];
  /** Whether the reads are given as hashes instead. */
  readonly hashed: boolean;
}

/** Of one namespace, which is a chaincode's name. */
export interface NamespaceReads {
  readonly namespace: string;
  readonly reads: readonly Read[];
  readonly ranges: readonly RangeRead[];
  /** Writes to keys, in their order. */
  readonly writes: readonly { readonly key: string; readonly deletes: boolean; readonly value: Uint8Array }[];
  /** Whether it changes anything else: metadata or private data. */
  readonly changesMore: boolean;
}

/** What a peer signs when it endorses: `protos.ProposalResponsePayload` and what is nested in it. */
export interface ResponsePayload {
  readonly proposalHash: Uint8Array;
  readonly status: bigint;
  readonly payload: Uint8Array;
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly namespaces: readonly NamespaceReads[];
  /** Bytes of the chaincode event, empty for none. */
  readonly event: Uint8Array;
}

/**
 * Reads it to the last byte. @throws {ProofError} PROTOBUF_MALFORMED
 * Source: fabric-protos peer/proposal_response.proto, peer/proposal.proto, ledger/rwset/rwset.proto, kv_rwset.proto.
 */
export function readResponsePayload(bytes: Uint8Array): ResponsePayload {
  const outer = readMessage(bytes, { 1: 'bytes', 2: 'bytes' }, 'payload');
  const action = readMessage(outer[2], { 1: 'bytes', 2: 'bytes', 3: 'bytes', 4: 'bytes' }, 'chaincode action');
  const response = readMessage(action[3], { 1: 'uint', 2: 'text', 3: 'bytes' }, 'response');
  const chaincode = readMessage(action[4], { 1: 'text', 2: 'text', 3: 'text' }, 'chaincode id');
  return {
    proposalHash: outer[1],
    status: response[1],
    payload: response[3],
    chaincode: { name: chaincode[2], version: chaincode[3] },
    namespaces: readResults(action[1]),
    event: action[2],
  };
}

/** Reads `rwset.TxReadWriteSet`. @throws {ProofError} PROTOBUF_MALFORMED */
export function readResults(bytes: Uint8Array): NamespaceReads[] {
  return readMessage(bytes, { 1: 'uint', 2: 'list' }, 'results')[2].map(readNamespace);
}

function readNamespace(bytes: Uint8Array): NamespaceReads {
  const outer = readMessage(bytes, { 1: 'text', 2: 'bytes', 3: 'list' }, 'namespace');
  const set = readMessage(outer[2], { 1: 'list', 2: 'list', 3: 'list', 4: 'list' }, 'read set');
  return {
    namespace: outer[1],
    reads: set[1].map(readRead),
    ranges: set[2].map(readRange),
    writes: set[3].map(readWrite),
    changesMore: set[4].length > 0 || outer[3].length > 0,
  };
}

function readRead(bytes: Uint8Array): Read {
  // An empty message says version 0:0, which an absent field does not, so presence is asked for apart.
  const read = readMessage(bytes, { 1: 'text', 2: 'list' }, 'read');
  const [version, ...more] = read[2];
  if (version === undefined) return { key: read[1] };
  if (more.length > 0) throw new ProofError('PROTOBUF_MALFORMED', 'read: more than one version');
  const place = readMessage(version, { 1: 'uint', 2: 'uint' }, 'version');
  return { key: read[1], version: { block: place[1], tx: place[2] } };
}

function readRange(bytes: Uint8Array): RangeRead {
  const range = readMessage(bytes, { 1: 'text', 2: 'text', 3: 'uint', 4: 'bytes', 5: 'bytes' }, 'range');
  const reads = readMessage(range[4], { 1: 'list' }, 'range reads')[1].map(readRead);
  return { start: range[1], end: range[2], exhausted: range[3] === 1n, reads, hashed: range[5].length > 0 };
}

function readWrite(bytes: Uint8Array): { key: string; deletes: boolean; value: Uint8Array } {
  const write = readMessage(bytes, { 1: 'text', 2: 'uint', 3: 'bytes' }, 'write');
  return { key: write[1], deletes: write[2] !== 0n, value: write[3] };
}
