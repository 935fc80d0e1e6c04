import { type Attestation } from '../format/receipt.js';
import { identityRef } from '../format/codec.js';
import { copy } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { splitChannelHeader, readChannelHeader } from './proposal.js';
import { readMessage } from './protobuf.js';

/** An endorser transaction's parts, each as the bytes that were hashed or signed. */
export interface EndorsedTransaction {
  readonly channelHeader: Uint8Array;
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  /** `protos.ChaincodeProposalPayload` without transient data. */
  readonly input: Uint8Array;
  /** `protos.ProposalResponsePayload`. */
  readonly payload: Uint8Array;
  readonly endorsements: readonly { readonly endorser: Uint8Array; readonly signature: Uint8Array }[];
}

/** An attestation and the identities that it refers to. */
export interface AttestationBundle {
  readonly attestation: Attestation;
  readonly identities: readonly Uint8Array[];
}

/**
 * Reads the payload of an envelope that holds one endorsed call, to the last byte.
 * @param payload `common.Payload`. @throws {ProofError} PROTOBUF_MALFORMED
 * Source: fabric-protos common/common.proto, peer/transaction.proto; Fabric protoutil/txutils.go.
 */
export function readEndorsedTransaction(payload: Uint8Array): EndorsedTransaction {
  const outer = readMessage(payload, { 1: 'bytes', 2: 'bytes' }, 'payload');
  const header = readMessage(outer[1], { 1: 'bytes', 2: 'bytes' }, 'header');
  const signer = readMessage(header[2], { 1: 'bytes', 2: 'bytes' }, 'signature header');
  const [action, ...more] = readMessage(outer[2], { 1: 'list' }, 'transaction')[1];
  if (action === undefined || more.length > 0) {
    throw new ProofError('PROTOBUF_MALFORMED', 'transaction: exactly one action is wanted');
  }
  const content = readMessage(action, { 1: 'bytes', 2: 'bytes' }, 'action')[2];
  const call = readMessage(content, { 1: 'bytes', 2: 'bytes' }, 'action payload');
  const endorsed = readMessage(call[2], { 1: 'bytes', 2: 'list' }, 'endorsed action');
  return {
    channelHeader: header[1],
    creator: signer[1],
    nonce: signer[2],
    input: call[1],
    payload: endorsed[1],
    endorsements: endorsed[2].map((bytes) => {
      const endorsement = readMessage(bytes, { 1: 'bytes', 2: 'bytes' }, 'endorsement');
      return { endorser: endorsement[1], signature: endorsement[2] };
    }),
  };
}

/**
 * Makes an attestation of what a gateway's Endorse returned for a read-only call: the prepared transaction, which is
 * never submitted. @param envelope `common.Envelope`, signed or not. @throws {ProofError} PROTOBUF_MALFORMED
 */
export function attestationFromEnvelope(envelope: Uint8Array): AttestationBundle {
  const payload = readMessage(envelope, { 1: 'bytes', 2: 'bytes' }, 'envelope')[1];
  const call = readEndorsedTransaction(payload);
  const { txId } = readChannelHeader(call.channelHeader);
  const { before, after } = splitChannelHeader(call.channelHeader, txId);
  const unique = new Map(
    [call.creator, ...call.endorsements.map(({ endorser }) => endorser)].map((id) => [id.join(), id]),
  );
  return {
    attestation: {
      payload: copy(call.payload),
      headerBefore: before,
      headerAfter: after,
      nonce: copy(call.nonce),
      creator: identityRef(call.creator),
      input: copy(call.input),
      signatures: call.endorsements.map(({ endorser, signature }) => ({
        endorser: identityRef(endorser),
        signature: copy(signature),
      })),
    },
    identities: [...unique.values()].map((identity) => copy(identity)),
  };
}
