import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { type ProposalResult } from '../endorse/endorser.js';
import { type CollectionName } from '../endorse/simulator.js';
import { type Policy } from '../msp/policy.js';
import { encodePayload } from '../wire/envelope.js';
import { type Endorsement, encodeEndorserTransaction } from '../wire/transaction.js';
import { sameBytes } from '../wire/utf8-order.js';
import { type ContextOf, type GatewayContext } from './context.js';
import { type Attempt, type EndorsingPeer, tryPeer } from './endorsing-peer.js';
import { guardedCollections, type SimulatedEffects } from './required-policies.js';
import { isServed, readRequestedProposal, type RequestedProposal } from './evaluate.js';
import { findLayouts, preferLayout } from './layouts.js';
import { type Detail, RpcError } from './rpc-error.js';

type Success = Extract<Attempt, { ok: true }>;

/** What one call has gathered: the payload that all endorsers must answer, once one did, and why others failed. */
interface Gathering {
  readonly signedProposal: peer.SignedProposal;
  readonly details: Detail[];
  payload?: Uint8Array;
}

const tooFew = 'failed to collect enough transaction endorsements, see attached details for more info';
const mismatch = 'ProposalResponsePayloads do not match';

/**
 * Collects the endorsements that a transaction needs and returns it, unsigned by the client. The gateway's own
 * organisation runs it first; what it read and wrote says which others must agree.
 * @throws RpcError. Source: Fabric internal/pkg/gateway/endorse.go.
 */
export async function endorse(contextOf: ContextOf, request: gateway.EndorseRequest): Promise<gateway.EndorseResponse> {
  const signedProposal = request.getProposedTransaction() ?? new peer.SignedProposal();
  const proposal = readRequestedProposal(signedProposal);
  const context = contextOf(proposal.channelHeader.channelId);
  const named = request.getEndorsingOrganizationsList();
  const gathering: Gathering = { signedProposal, details: [] };
  const successes =
    named.length > 0
      ? await endorseByOrganisations(context, gathering, proposal, named)
      : await endorseByPlan(context, gathering, proposal);
  return assemble(successes);
}

async function endorseByOrganisations(
  context: GatewayContext,
  gathering: Gathering,
  proposal: RequestedProposal,
  mspIds: readonly string[],
): Promise<Success[]> {
  const peers = isServed(context, proposal) ? context.peers() : [];
  const missing = mspIds.filter((mspId) => !peers.some((candidate) => candidate.mspId === mspId));
  if (missing.length > 0) throw noPeersOf(missing);
  const attempts = await Promise.all([...new Set(mspIds)].map((mspId) => tryOrganisation(context, gathering, mspId)));
  const successes = attempts.filter((success) => success !== undefined);
  if (successes.length < attempts.length) throw new RpcError(status.ABORTED, tooFew, gathering.details);
  return successes;
}

async function endorseByPlan(
  context: GatewayContext,
  gathering: Gathering,
  proposal: RequestedProposal,
): Promise<Success[]> {
  const { details } = gathering;
  const first = await tryOrganisation(context, gathering, context.local.mspId);
  if (first === undefined && !isServed(context, proposal)) throw noCombination(context, proposal);
  if (first === undefined) {
    throw new RpcError(status.ABORTED, 'failed to endorse transaction, see attached details for more info', details);
  }
  const policies = context.local.policiesFor(first.result, proposal.chaincode);
  if (policies === undefined) throw noCombination(context, proposal);
  const search = searchFor(context, policies, first.result, proposal);
  const done = new Map([[context.local.mspId, first]]);
  const failed = new Set<string>();
  for (
    let layout = nextLayout(context, search, failed);
    layout !== undefined;
    layout = nextLayout(context, search, failed)
  ) {
    await Promise.all(
      layout
        .filter((mspId) => !done.has(mspId))
        .map(async (mspId) => {
          const success = await tryOrganisation(context, gathering, mspId);
          if (success === undefined) failed.add(mspId);
          else done.set(mspId, success);
        }),
    );
    const successes = layout.map((mspId) => done.get(mspId)).filter((success) => success !== undefined);
    if (successes.length === layout.length) return successes;
  }
  throw details.length === 0 ? noCombination(context, proposal) : new RpcError(status.ABORTED, tooFew, details);
}

/** Which policies endorsers must meet together, and who may be one at all. */
interface Search {
  readonly policies: readonly Policy[];
  readonly mayEndorse: (mspId: string) => boolean;
}

/**
 * Private data keeps its circle: only members of the collections may endorse.
 * @throws RpcError FAILED_PRECONDITION where transient data would have to leave that circle
 */
function searchFor(
  context: GatewayContext,
  policies: readonly Policy[],
  { sets, privateReads }: SimulatedEffects,
  { transient }: RequestedProposal,
): Search {
  const among = (collections: readonly CollectionName[]): Search => ({
    policies,
    mayEndorse: (mspId) => context.local.arePeersMembers(mspId, collections),
  });
  const isPossible = (search: Search): boolean => nextLayout(context, search, new Set()) !== undefined;
  const guarded = guardedCollections({ sets, privateReads }, transient.size > 0);
  const search = among(guarded);
  if (guarded.length === 0 || isPossible(search)) return search;
  const written = guardedCollections({ sets, privateReads: [] }, transient.size > 0);
  if (written.length > 0 && isPossible(among(privateReads))) {
    const names = [...new Set(written.map(({ collection }) => collection))].join(' ');
    throw new RpcError(
      status.FAILED_PRECONDITION,
      'requires endorsement from organisation(s) that are not in the distribution policy of the private data ' +
        `collection(s): [${names}]; retry specifying trusted endorsing organizations to protect transient data`,
    );
  }
  return search;
}

/** The best set of organisations among those that run, may endorse and have not failed. */
function nextLayout(
  context: GatewayContext,
  { policies, mayEndorse }: Search,
  failed: ReadonlySet<string>,
): string[] | undefined {
  const { mspId: local } = context.local;
  const running = [...new Set(context.peers().map(({ mspId }) => mspId))];
  const candidates = running.filter((mspId) => !failed.has(mspId) && mayEndorse(mspId));
  return preferLayout(findLayouts(policies, localFirst(candidates, local)), local);
}

function localFirst(mspIds: readonly string[], local: string): string[] {
  return mspIds.toSorted((a, b) => Number(b === local) - Number(a === local));
}

/**
 * Asks an organisation's peers, the highest ledger first and the gateway's own first among equals, until one endorses
 * with the payload of the others. Whatever the refusal, a chaincode's own too, the next peer is asked: only `evaluate`
 * ends with a chaincode's error. Source: Fabric internal/pkg/gateway/endorse.go (processProposal, nextPeerInGroup),
 * registry.go (sorter).
 */
async function tryOrganisation(
  context: GatewayContext,
  gathering: Gathering,
  mspId: string,
): Promise<Success | undefined> {
  const peers: EndorsingPeer[] = context.peers().filter((candidate) => candidate.mspId === mspId);
  const away = (candidate: EndorsingPeer) => Number(candidate !== context.local);
  for (const candidate of peers.toSorted((a, b) => Number(b.height - a.height) || away(a) - away(b))) {
    const attempt = await tryPeer(candidate, candidate === context.local, gathering.signedProposal);
    if (attempt.ok && agrees(gathering, attempt.result.payload)) return attempt;
    const { address } = candidate;
    gathering.details.push(attempt.ok ? { address, mspId, message: mismatch } : attempt.detail);
  }
  return undefined;
}

/** The first payload of a call is the one that the others are compared with. */
function agrees(gathering: Gathering, payload: Uint8Array): boolean {
  gathering.payload ??= payload;
  return sameBytes(payload, gathering.payload);
}

function noPeersOf(mspIds: readonly string[]): RpcError {
  return new RpcError(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${mspIds.join(', ')}`);
}

function noCombination(context: GatewayContext, proposal: RequestedProposal): RpcError {
  const { chaincode, channelHeader } = proposal;
  const isDefined = isServed(context, proposal) && !context.local.isSystemChaincode(chaincode);
  const why = isDefined
    ? 'required chaincodes are not installed on sufficient peers'
    : `No metadata was found for chaincode ${chaincode} in channel ${channelHeader.channelId}`;
  const what = 'no combination of peers can be derived which satisfy the endorsement policy';
  return new RpcError(status.FAILED_PRECONDITION, `${what}: ${why}`);
}

function assemble(successes: readonly Success[]): gateway.EndorseResponse {
  const [first] = successes;
  if (first === undefined) throw new RpcError(status.ABORTED, tooFew);
  const envelope = new common.Envelope();
  envelope.setPayload(
    transactionPayload(
      first.result,
      successes.map(({ result }) => result.endorsement).filter((endorsement) => endorsement !== undefined),
    ),
  );
  const response = new gateway.EndorseResponse();
  response.setPreparedTransaction(envelope);
  return response;
}

/** `common.Payload` bytes of the transaction. Source: Fabric protoutil/txutils.go, CreateTx. */
export function transactionPayload(
  { proposal, payload }: Pick<ProposalResult, 'proposal' | 'payload'>,
  endorsements: readonly Endorsement[],
): Uint8Array {
  const data = encodeEndorserTransaction({
    signatureHeaderBytes: proposal.signatureHeaderBytes,
    proposalPayload: proposal.proposalPayload,
    responsePayload: payload,
    endorsements,
  });
  return encodePayload(proposal, data);
}
