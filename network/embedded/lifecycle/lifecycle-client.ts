import { common, peer } from '@hyperledger/fabric-protos';
import { LIFECYCLE } from '../commit/definitions.js';
import { type ProposalResult } from '../endorse/endorser.js';
import { EndorsementRefusal } from '../endorse/refusal.js';
import { transactionPayload } from '../gateway/endorse.js';
import { type Signer } from '../msp/signer.js';
import { type Peer } from '../peer/peer.js';
import { encodeChaincodeName, encodeChannelHeader, encodeEnvelope, encodeSignatureHeader } from '../wire/envelope.js';
import { createNonce } from '../wire/nonce.js';
import { computeTxId } from '../wire/proposal.js';
import { Writer } from '../wire/protobuf-writer.js';
import { sameBytes } from '../wire/utf8-order.js';

/** A call of `_lifecycle`, by its function and that function's message. */
export interface LifecycleInvocation {
  readonly method: string;
  readonly parameters: Uint8Array;
}

/** A signed transaction, ready for the orderer. */
export interface SignedTransaction {
  readonly txId: string;
  readonly envelope: Uint8Array;
}

/**
 * Asks a peer's `_lifecycle` as an organisation's administrator would. @returns the answer's message
 * @throws Error with the peer's words where it refuses
 */
export async function queryLifecycle(peerAsked: Peer, client: Signer, call: LifecycleInvocation): Promise<Uint8Array> {
  const { response } = await invoke(peerAsked, createProposal(peerAsked.channel.channelId, call, client), call);
  return response.payload;
}

/**
 * Makes the transaction of a call that writes, endorsed by each of the peers.
 * @throws Error where one refuses, or where they do not agree
 */
export async function endorseLifecycle(
  peers: readonly Peer[],
  client: Signer,
  call: LifecycleInvocation,
): Promise<SignedTransaction> {
  const channelId = peers[0]?.channel.channelId ?? '';
  const proposal = createProposal(channelId, call, client);
  const results = await Promise.all(peers.map((each) => invoke(each, proposal, call)));
  const [first] = results;
  if (first === undefined) throw new Error('a transaction needs an endorser');
  if (!results.every(({ payload }) => sameBytes(payload, first.payload))) {
    throw new Error(`peers disagree about ${call.method}`);
  }
  const endorsements = results.flatMap(({ endorsement }) => endorsement ?? []);
  const payload = transactionPayload(first, endorsements);
  return { txId: first.proposal.channelHeader.txId, envelope: encodeEnvelope(payload, client.sign(payload)) };
}

async function invoke(
  peerAsked: Peer,
  proposal: peer.SignedProposal,
  { method }: LifecycleInvocation,
): Promise<ProposalResult> {
  const refused = (why: string, cause?: unknown) =>
    new Error(`${peerAsked.mspId} refused ${method}: ${why}`, { cause });
  const result = await peerAsked.process(proposal).catch((cause: unknown) => {
    if (!(cause instanceof EndorsementRefusal)) throw cause;
    throw refused(cause.message, cause);
  });
  if (result.response.status !== 200) throw refused(result.response.message);
  return result;
}

function createProposal(channelId: string, call: LifecycleInvocation, client: Signer): peer.SignedProposal {
  const signatureHeader = { creator: client.identityBytes, nonce: createNonce() };
  const nowMs = Date.now();
  const channelHeader = encodeChannelHeader({
    type: common.HeaderType.ENDORSER_TRANSACTION,
    timestamp: { seconds: BigInt(Math.floor(nowMs / 1_000)), nanos: (nowMs % 1_000) * 1_000_000 },
    channelId,
    txId: computeTxId(signatureHeader),
    epoch: 0n,
    extension: encodeChaincodeName(LIFECYCLE),
  });
  const header = new Writer().field(1, channelHeader).field(2, encodeSignatureHeader(signatureHeader)).bytes();
  const payload = new Writer().field(1, encodeInvocation(call)).bytes();
  const proposalBytes = new Writer().field(1, header).field(2, payload).bytes();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposalBytes);
  signed.setSignature(client.sign(proposalBytes));
  return signed;
}

/** Bytes of ChaincodeInvocationSpec. */
function encodeInvocation({ method, parameters }: LifecycleInvocation): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(method), parameters]);
  const id = new peer.ChaincodeID();
  id.setName(LIFECYCLE);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.GOLANG);
  spec.setChaincodeId(id);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  return invocation.serializeBinary();
}
