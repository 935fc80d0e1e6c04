import { status } from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import { encodeResponse } from '../endorse/encode-response.js';
import { type ParsedProposal, readInvocation, readProposal } from '../wire/proposal.js';
import { type Response } from '../wire/transaction.js';
import { WireError } from '../wire/wire-error.js';
import { type ContextOf, type GatewayContext } from './context.js';
import { type EndorsingPeer, tryPeer } from './endorsing-peer.js';
import { type Detail, RpcError } from './rpc-error.js';

/**
 * Runs a proposal on one peer and returns what the chaincode answered; nothing is ordered. The gateway's own
 * organisation goes first; with transient data no other is asked unless the caller names it.
 * @throws RpcError. Source: Fabric internal/pkg/gateway/evaluate.go.
 */
export async function evaluate(
  contextOf: ContextOf,
  request: gateway.EvaluateRequest,
): Promise<gateway.EvaluateResponse> {
  const signedProposal = request.getProposedTransaction() ?? new peer.SignedProposal();
  const proposal = readRequestedProposal(signedProposal, 'failed to unpack transaction proposal: ');
  const context = contextOf(proposal.channelHeader.channelId);
  const targets = request.getTargetOrganizationsList();
  const peers = evaluators(context, targets, proposal.transient.size > 0);
  const details: Detail[] = [];
  let code: status = status.UNAVAILABLE;
  for (const candidate of peers) {
    const attempt = await tryPeer(candidate, candidate === context.local, signedProposal);
    if (attempt.ok) return answer(attempt.result.response);
    if (!isServed(context, proposal)) throw notServed(context, proposal);
    details.push(attempt.detail);
    ({ code } = attempt);
    if (!attempt.retry) {
      throw new RpcError(code, `evaluate call to endorser returned error: ${attempt.detail.message}`, details);
    }
  }
  throw new RpcError(code, 'failed to evaluate transaction, see attached details for more info', details);
}

/** A proposal and the name of the chaincode that it calls. */
export type RequestedProposal = ParsedProposal & { readonly chaincode: string };

/** @throws RpcError INVALID_ARGUMENT. @param prefix Fabric's words before the cause. */
export function readRequestedProposal(signed: peer.SignedProposal, prefix = ''): RequestedProposal {
  const bytes = signed.getProposalBytes_asU8();
  if (bytes.length === 0) throw new RpcError(status.INVALID_ARGUMENT, `${prefix}a signed proposal is required`);
  try {
    const proposal = readProposal(bytes, signed.getSignature_asU8());
    return { ...proposal, chaincode: readInvocation(proposal.input).chaincodeName };
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new RpcError(status.INVALID_ARGUMENT, `${prefix}${cause.message}`);
  }
}

/** Whether the proposal's channel is this peer's, and its chaincode defined there: a refusal then needs no other reason. */
export function isServed(context: GatewayContext, { channelHeader, chaincode }: RequestedProposal): boolean {
  const known = channelHeader.channelId === context.channel().channelId;
  if (!known) return false;
  const defined = context.local.policiesFor({ sets: [], privateReads: [] }, chaincode) !== undefined;
  return defined || context.local.isSystemChaincode(chaincode);
}

function notServed(context: GatewayContext, { chaincode, channelHeader }: RequestedProposal): RpcError {
  const { channelId } = channelHeader;
  if (channelId !== context.channel().channelId) {
    const cause = `could not get last config for channel ${channelId}`;
    return new RpcError(status.UNAVAILABLE, `failed to get config for channel [${channelId}]: ${cause}`);
  }
  const why = `no peers available to evaluate chaincode ${chaincode} in channel ${channelId}`;
  return new RpcError(status.FAILED_PRECONDITION, why);
}

function evaluators(context: GatewayContext, targets: readonly string[], hasTransient: boolean): EndorsingPeer[] {
  const { mspId } = context.local;
  const wanted = targets.length === 0 && hasTransient ? [mspId] : targets;
  const allowed = context.peers().filter((candidate) => wanted.length === 0 || wanted.includes(candidate.mspId));
  if (allowed.length === 0) {
    throw new RpcError(
      status.FAILED_PRECONDITION,
      `no endorsing peers found for the organizations [${wanted.join(' ')}]`,
    );
  }
  const rank = (candidate: EndorsingPeer) => (candidate.mspId === mspId ? 0 : 1);
  return allowed.toSorted((a, b) => rank(a) - rank(b) || Number(b.height - a.height));
}

function answer(result: Response): gateway.EvaluateResponse {
  const response = new gateway.EvaluateResponse();
  response.setResult(encodeResponse(result));
  return response;
}
