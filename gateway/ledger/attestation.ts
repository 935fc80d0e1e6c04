import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';

import { type Call } from './port.js';

/** A read that several organisations are asked to sign. */
export interface AttestCall extends Call {
  /** A chaincode other than the gateway's own, such as `qscc`. */
  readonly chaincode?: string;
}

/** One peer's signature over `payload ‖ endorser`. */
export interface Endorsement {
  /** Bytes of msp.SerializedIdentity. */
  readonly endorser: Uint8Array;
  /** ECDSA in DER. */
  readonly signature: Uint8Array;
}

/**
 * An endorsed read, byte for byte as peers signed it and never submitted. The payload's proposal hash is SHA-256 over
 * channel header, signature header and proposal payload, in this order (Fabric protoutil, GetProposalHash1).
 */
export interface Attestation {
  /** Bytes of peer.ProposalResponsePayload. */
  readonly payload: Uint8Array;
  /** Bytes of common.ChannelHeader, common.SignatureHeader and peer.ChaincodeProposalPayload without transient data. */
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  readonly proposalPayload: Uint8Array;
  /** As the channel header states it, 64 hex digits. */
  readonly txId: string;
  /** Of the signature header: bytes of msp.SerializedIdentity, and the nonce. */
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  /** The chaincode that answered. */
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly endorsements: readonly Endorsement[];
  /** What the contract answered. */
  readonly result: Uint8Array;
}

/** Something that has organisations sign reads; `attester.ts` is the real one. */
export interface Attester {
  /** @throws the contract's own refusal; UNVERIFIABLE_NOW where too few organisations agree in time */
  attest(call: AttestCall): Promise<Attestation>;
}

/** @param prepared bytes of gateway.PreparedTransaction, as the peer's gateway service assembles them. @throws {Error} */
export function readAttestation(prepared: Uint8Array): Attestation {
  const envelope = gateway.PreparedTransaction.deserializeBinary(prepared).getEnvelope() ?? new common.Envelope();
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = payload.getHeader() ?? new common.Header();
  const [action, ...others] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  if (action === undefined || others.length > 0) throw new Error('a prepared transaction has one action');
  const body = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = body.getAction() ?? new peer.ChaincodeEndorsedAction();
  const signer = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  return {
    payload: endorsed.getProposalResponsePayload_asU8(),
    channelHeader: header.getChannelHeader_asU8(),
    signatureHeader: header.getSignatureHeader_asU8(),
    proposalPayload: body.getChaincodeProposalPayload_asU8(),
    endorsements: endorsed.getEndorsementsList().map((endorsement) => ({
      endorser: endorsement.getEndorser_asU8(),
      signature: endorsement.getSignature_asU8(),
    })),
    txId: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId(),
    creator: signer.getCreator_asU8(),
    nonce: signer.getNonce_asU8(),
    ...readAnswer(endorsed.getProposalResponsePayload_asU8()),
  };
}

function readAnswer(payload: Uint8Array): Pick<Attestation, 'chaincode' | 'result'> {
  const response = peer.ProposalResponsePayload.deserializeBinary(payload);
  const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const chaincode = action.getChaincodeId() ?? new peer.ChaincodeID();
  return {
    chaincode: { name: chaincode.getName(), version: chaincode.getVersion() },
    result: action.getResponse()?.getPayload_asU8() ?? new Uint8Array(),
  };
}

/** Reads msp.SerializedIdentity. @returns MSP id, and the certificate in PEM exactly as its holder has it. */
export function readSerializedIdentity(bytes: Uint8Array): { readonly mspId: string; readonly certificate: string } {
  const identity = msp.SerializedIdentity.deserializeBinary(bytes);
  return { mspId: identity.getMspid(), certificate: Buffer.from(identity.getIdBytes_asU8()).toString('utf8') };
}
