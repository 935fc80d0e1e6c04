import { status } from '@grpc/grpc-js';
import { gateway, google, peer } from '@hyperledger/fabric-protos';

import { EndorsementRefusal } from '../../../../network/embedded/endorse/refusal.js';
import { type GatewayContext, type LocalPeer } from '../../../../network/embedded/gateway/context.js';
import { endorse } from '../../../../network/embedded/gateway/endorse.js';
import { type EndorsingPeer } from '../../../../network/embedded/gateway/endorsing-peer.js';
import { evaluate } from '../../../../network/embedded/gateway/evaluate.js';
import { type RpcError } from '../../../../network/embedded/gateway/rpc-error.js';
import { compilePolicy } from '../../../../network/embedded/msp/policy.js';
import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';
import { readProposal } from '../../../../network/embedded/wire/proposal.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';

const channelId = 'evidence';
const chaincode = 'probe';

/** What a peer answers: a payload, a chaincode's refusal, or none because the peer itself refuses. */
type Answer = { readonly payload: string } | { readonly chaincodeSays: string } | { readonly peerSays: string };

/** Peers of the test; each notes in `asked` that it was asked. */
class Peers {
  readonly asked: string[] = [];

  peer(address: string, mspId: string, answer: Answer, height = 7n): EndorsingPeer {
    return {
      mspId,
      address,
      height,
      process: (signed) => {
        this.asked.push(address);
        if ('peerSays' in answer) return Promise.reject(new EndorsementRefusal('peer', answer.peerSays));
        const proposal = readProposal(signed.getProposalBytes_asU8(), signed.getSignature_asU8());
        const refused = 'chaincodeSays' in answer;
        const response = { status: refused ? 500 : 200, message: refused ? answer.chaincodeSays : '' };
        const payload = Buffer.from(refused ? '' : answer.payload);
        const endorsement = { endorser: Buffer.from(address), signature: Buffer.from('signed') };
        const result = { proposal, sets: [], privateReads: [], payload, endorsement };
        return Promise.resolve({ ...result, response: { ...response, payload } });
      },
    };
  }
}

/** A gateway at the first peer, on a channel where any two of the organisations A, B and C must endorse. */
function contextOf(peers: readonly EndorsingPeer[], policy = "OutOf(2,'A.peer','B.peer','C.peer')"): GatewayContext {
  const [first] = peers;
  if (first === undefined) throw new Error('a gateway has a peer');
  const local = {
    ...first,
    isSystemChaincode: () => false,
    policiesFor: () => [compilePolicy(parsePolicyText(policy))],
    arePeersMembers: () => true,
  } as unknown as LocalPeer;
  return {
    local,
    peers: () => [local, ...peers.slice(1)],
    channel: () => ({ channelId }),
  } as unknown as GatewayContext;
}

function signedProposal(): peer.SignedProposal {
  const channelHeader = new Writer().field(4, channelId).bytes();
  const header = new Writer().field(1, channelHeader).field(2, new Writer().bytes()).bytes();
  const spec = new Writer().field(2, new Writer().field(2, chaincode).bytes()).bytes();
  const payload = new Writer().field(1, new Writer().field(1, spec).bytes()).bytes();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(new Writer().field(1, header).field(2, payload).bytes());
  return signed;
}

/** How an `endorse` was refused: its code, and what each peer had to say. */
interface Refusal {
  readonly code: status;
  readonly told: readonly { readonly address: string; readonly message: string }[];
}

/** @returns the refusal, or `undefined` where it was endorsed. */
async function tryEndorse(context: GatewayContext, mspIds: readonly string[] = []): Promise<Refusal | undefined> {
  const request = new gateway.EndorseRequest();
  request.setProposedTransaction(signedProposal());
  request.setEndorsingOrganizationsList([...mspIds]);
  return endorse(() => context, request).then(
    () => undefined,
    (error: unknown) => readRefusal(error as RpcError),
  );
}

function readRefusal({ code, metadata }: RpcError): Refusal {
  const [bytes = Buffer.alloc(0)] = metadata.get('grpc-status-details-bin');
  const details = google.rpc.Status.deserializeBinary(Buffer.from(bytes)).getDetailsList();
  const told = details.map((detail) => gateway.ErrorDetail.deserializeBinary(detail.getValue_asU8()));
  return { code, told: told.map((each) => ({ address: each.getAddress(), message: each.getMessage() })) };
}

test("after a chaincode's refusal the organisation's next peer is asked to endorse, as Fabric's gateway does", async () => {
  const peers = new Peers();
  const context = contextOf([
    peers.peer('a0', 'A', { chaincodeSays: 'no' }),
    peers.peer('a1', 'A', { payload: 'same' }),
    peers.peer('b0', 'B', { payload: 'same' }),
  ]);
  expect(await tryEndorse(context)).toBeUndefined();
  expect(peers.asked).toEqual(['a0', 'a1', 'b0']);
});

test("where every peer of the gateway's organisation refuses, each refusal is told and no other is asked", async () => {
  const peers = new Peers();
  const context = contextOf([
    peers.peer('a0', 'A', { chaincodeSays: 'no' }),
    peers.peer('a1', 'A', { peerSays: 'gone' }),
    peers.peer('b0', 'B', { payload: 'same' }),
  ]);
  expect(await tryEndorse(context)).toMatchObject({
    code: status.ABORTED,
    told: [
      { address: 'a0', message: 'chaincode response 500, no' },
      { address: 'a1', message: 'gone' },
    ],
  });
  expect(peers.asked).toEqual(['a0', 'a1']);
});

test('evaluating ends with the refusal of a chaincode; no second peer is asked', async () => {
  const peers = new Peers();
  const context = contextOf([
    peers.peer('a0', 'A', { chaincodeSays: 'no' }),
    peers.peer('a1', 'A', { payload: 'same' }),
  ]);
  const request = new gateway.EvaluateRequest();
  request.setProposedTransaction(signedProposal());
  await expect(evaluate(() => context, request)).rejects.toMatchObject({ code: status.UNKNOWN });
  expect(peers.asked).toEqual(['a0']);
});

test('a peer that comes to another result is passed over for the next one, then for another organisation', async () => {
  const peers = new Peers();
  const context = contextOf([
    peers.peer('a0', 'A', { payload: 'same' }),
    peers.peer('b0', 'B', { payload: 'other' }),
    peers.peer('b1', 'B', { payload: 'another' }),
    peers.peer('c0', 'C', { payload: 'same' }),
  ]);
  expect(await tryEndorse(context)).toBeUndefined();
  expect(peers.asked).toEqual(['a0', 'b0', 'b1', 'c0']);
});

test('organisations that the client names must all come to one result', async () => {
  const peers = new Peers();
  const context = contextOf([
    peers.peer('a0', 'A', { payload: 'same' }),
    peers.peer('b0', 'B', { payload: 'other' }),
    peers.peer('c0', 'C', { payload: 'same' }),
  ]);
  expect(await tryEndorse(context, ['A', 'B'])).toMatchObject({
    code: status.ABORTED,
    told: [{ address: 'b0', message: 'ProposalResponsePayloads do not match' }],
  });
});

test("among peers of one height the gateway's own goes first, and a higher one before it", async () => {
  const even = new Peers();
  const own = even.peer('a1', 'A', { payload: 'same' });
  const context = { ...contextOf([own], "OR('A.peer')") };
  expect(
    await tryEndorse({ ...context, peers: () => [even.peer('a0', 'A', { payload: 'same' }), context.local] }),
  ).toBeUndefined();
  expect(even.asked).toEqual(['a1']);
  const uneven = new Peers();
  const behind = contextOf([uneven.peer('a0', 'A', { payload: 'same' })], "OR('A.peer')");
  const ahead = uneven.peer('a1', 'A', { payload: 'same' }, 8n);
  expect(await tryEndorse({ ...behind, peers: () => [behind.local, ahead] })).toBeUndefined();
  expect(uneven.asked).toEqual(['a1']);
});
