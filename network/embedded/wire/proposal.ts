import { createHash } from 'node:crypto';

import { type Header, readHeader, type SignatureHeader } from './envelope.js';
import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { readingPart, WireError } from './wire-error.js';

/**
 * peer.SignedProposal, opened. `proposalBytes` is what `signature` covers; `input` is peer.ChaincodeInvocationSpec
 * bytes; `proposalPayload` is the part of the payload that enters the transaction: everything but the transient map.
 */
export interface ParsedProposal extends Header {
  readonly proposalBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
  readonly proposalPayload: Uint8Array;
  readonly input: Uint8Array;
  readonly transient: ReadonlyMap<string, Uint8Array>;
}

/** Opens peer.Proposal with the signature that came beside it. @throws {WireError} BAD_PROPOSAL or BAD_HEADER */
export function readProposal(proposalBytes: Uint8Array, signature: Uint8Array): ParsedProposal {
  return readingPart('BAD_PROPOSAL', () => {
    const proposal = new Fields(proposalBytes);
    const payload = proposal.bytes(2);
    const fields = new Fields(payload);
    const input = fields.bytes(1);
    return {
      ...readHeader(proposal.bytes(1)),
      proposalBytes,
      signature,
      payload,
      proposalPayload: new Writer().field(1, input).bytes(),
      input,
      transient: readTransient(fields),
    };
  });
}

/** What a proposal asks a chaincode to do. `inputBytes` is peer.ChaincodeInput, which the chaincode itself receives. */
export interface Invocation {
  readonly chaincodeName: string;
  readonly inputBytes: Uint8Array;
  readonly args: readonly Uint8Array[];
  readonly isInit: boolean;
}

/**
 * Arguments of peer.ChaincodeInvocationSpec bytes; the first is the function's name by convention.
 * @throws {WireError} BAD_PROPOSAL
 */
export function readInvocation(input: Uint8Array): Invocation {
  return readingPart('BAD_PROPOSAL', () => {
    const spec = new Fields(input).message(1);
    if (spec === undefined) throw new WireError('BAD_PROPOSAL', 'no chaincode spec');
    const fields = new Fields(spec);
    const inputBytes = fields.message(3) ?? new Uint8Array(0);
    const chaincodeInput = new Fields(inputBytes);
    const chaincodeName = new Fields(fields.message(2) ?? new Uint8Array(0)).text(2);
    return { chaincodeName, inputBytes, args: chaincodeInput.allBytes(1), isInit: chaincodeInput.flag(3) };
  });
}

/** Transaction id: hex of SHA-256 over nonce and creator (protoutil/proputils.go, ComputeTxID). */
export function computeTxId(header: SignatureHeader): string {
  return createHash('sha256').update(header.nonce).update(header.creator).digest('hex');
}

/**
 * Hash that ties endorsements to a proposal: SHA-256 over both headers and the payload without the transient map
 * (protoutil/txutils.go, GetProposalHash1 and GetProposalHash2).
 */
export function computeProposalHash(
  header: Pick<Header, 'channelHeaderBytes' | 'signatureHeaderBytes'>,
  proposalPayload: Uint8Array,
): Uint8Array {
  return createHash('sha256')
    .update(header.channelHeaderBytes)
    .update(header.signatureHeaderBytes)
    .update(proposalPayload)
    .digest();
}

function readTransient(payload: Fields): ReadonlyMap<string, Uint8Array> {
  const entries = payload.allBytes(2).map((bytes) => {
    const entry = new Fields(bytes);
    return [entry.text(1), entry.bytes(2)] as const;
  });
  return new Map(entries);
}
