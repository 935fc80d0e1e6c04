import { status } from '@grpc/grpc-js';
import { type peer } from '@hyperledger/fabric-protos';
import { type ProposalResult } from '../endorse/endorser.js';
import { EndorsementRefusal } from '../endorse/refusal.js';
import { type Detail } from './rpc-error.js';

/** A peer as a gateway sees it, its own or another organisation's. */
export interface EndorsingPeer {
  readonly mspId: string;
  /** `host:port`. */
  readonly address: string;
  readonly height: bigint;
  /** @throws EndorsementRefusal */
  process(signedProposal: peer.SignedProposal): Promise<ProposalResult>;
}

/** A peer's answer as a gateway treats it: a result, or why not and whether another peer should be asked. */
export type Attempt =
  | { readonly ok: true; readonly peer: EndorsingPeer; readonly result: ProposalResult }
  | { readonly ok: false; readonly code: status; readonly retry: boolean; readonly detail: Detail };

/**
 * Asks one peer. @param isLocal whether the gateway is this peer's own. Never throws for what the peer or the chaincode refuse.
 * Source: Fabric internal/pkg/gateway/apiutils.go, responseStatus.
 */
export async function tryPeer(
  peerAsked: EndorsingPeer,
  isLocal: boolean,
  signedProposal: peer.SignedProposal,
): Promise<Attempt> {
  try {
    const result = await peerAsked.process(signedProposal);
    const { status: chaincodeStatus, message } = result.response;
    if (chaincodeStatus >= 200 && chaincodeStatus < 400) return { ok: true, peer: peerAsked, result };
    return failed(peerAsked, status.UNKNOWN, false, `chaincode response ${chaincodeStatus}, ${message}`);
  } catch (cause) {
    if (!(cause instanceof EndorsementRefusal)) throw cause;
    if (cause.kind === 'chaincode-gone' || cause.kind === 'peer') {
      return failed(peerAsked, status.ABORTED, true, cause.message);
    }
    // A refusal is a gRPC error, which another organisation's peer sends without the response beside it.
    if (!isLocal)
      return failed(peerAsked, status.UNAVAILABLE, true, `rpc error: code = Unknown desc = ${cause.message}`);
    const isAnswer = cause.kind === 'proposal';
    return failed(peerAsked, isAnswer ? status.FAILED_PRECONDITION : status.UNAVAILABLE, !isAnswer, cause.message);
  }
}

function failed({ address, mspId }: EndorsingPeer, code: status, retry: boolean, message: string): Attempt {
  return { ok: false, code, retry, detail: { address, mspId, message } };
}
