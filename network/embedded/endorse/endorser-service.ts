import { type handleUnaryCall, status } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { encodeResponse } from './encode-response.js';
import { type ProposalResult } from './endorser.js';
import { EndorsementRefusal } from './refusal.js';

/** What runs proposals. */
interface ProposalProcessor {
  process(signedProposal: peer.SignedProposal): Promise<ProposalResult>;
}

/** `protos.Endorser`, for clients that collect endorsements themselves. */
export interface EndorserServer {
  processProposal: handleUnaryCall<peer.SignedProposal, peer.ProposalResponse>;
}

/** @param onBug is told of errors that are no answer to a caller. Source: Fabric core/endorser/endorser.go. */
export function createEndorserService(endorser: ProposalProcessor, onBug: (error: unknown) => void): EndorserServer {
  return {
    processProposal: (call, callback) => {
      endorser.process(call.request).then(
        (result) => {
          callback(null, encodeResult(result));
        },
        (cause: unknown) => {
          if (!(cause instanceof EndorsementRefusal)) {
            onBug(cause);
            callback({ code: status.INTERNAL, details: 'internal error of the peer' });
          } else if (cause.kind === 'proposal' || cause.kind === 'filter')
            callback({ code: status.UNKNOWN, details: cause.message });
          else callback(null, encodeFailure(cause.message));
        },
      );
    },
  };
}

function encodeResult({ response, payload, endorsement }: ProposalResult): peer.ProposalResponse {
  const encoded = new peer.ProposalResponse();
  encoded.setVersion(1);
  encoded.setResponse(encodeResponse(response));
  encoded.setPayload(payload);
  if (endorsement !== undefined) {
    const signed = new peer.Endorsement();
    signed.setEndorser(endorsement.endorser);
    signed.setSignature(endorsement.signature);
    encoded.setEndorsement(signed);
  }
  return encoded;
}

function encodeFailure(message: string): peer.ProposalResponse {
  const encoded = new peer.ProposalResponse();
  encoded.setResponse(encodeResponse({ status: 500, message, payload: new Uint8Array() }));
  return encoded;
}
