import { common, peer } from '@hyperledger/fabric-protos';
import {
  definitionReads,
  type DefinitionTerms,
  definitionWrites,
  LIFECYCLE,
  readDefinition,
} from '../commit/definitions.js';
import { type StateView } from '../commit/state-view.js';
import { signEndorsement } from '../endorse/sign-endorsement.js';
import { transactionPayload } from '../gateway/endorse.js';
import { type Signer } from '../msp/signer.js';
import { encodeChaincodeName, encodeChannelHeader, encodeEnvelope, encodeSignatureHeader } from '../wire/envelope.js';
import { computeProposalHash, computeTxId, type ParsedProposal, readProposal } from '../wire/proposal.js';
import { Writer } from '../wire/protobuf-writer.js';
import { encodeTxRwSet } from '../wire/rwset-writer.js';
import { encodeChaincodeAction, encodeResponsePayload } from '../wire/transaction.js';
import { sameBytes } from '../wire/utf8-order.js';
import { createNonce } from '../wire/nonce.js';

/** Version that a peer's own chaincodes state. Source: Fabric core/scc/scc.go. */
const systemVersion = 'syscc';

/** A definition's endorser: a peer's signature and its own view of the state. */
export interface DefinitionEndorser {
  readonly signer: Signer;
  readonly state: StateView;
}

/** A signed transaction, ready for the orderer. */
export interface DefinitionTransaction {
  readonly txId: string;
  readonly envelope: Uint8Array;
}

/**
 * Makes the transaction by which a channel adopts a chaincode definition: a genuine call of `_lifecycle`
 * (CommitChaincodeDefinition), simulated and endorsed by each given peer on its own state.
 * @param client an organisation's administrator. @returns `undefined` where that definition is in force already.
 * @throws Error where the peers do not agree
 * Source: Fabric core/chaincode/lifecycle/lifecycle.go, CommitChaincodeDefinition.
 */
export function createDefinitionTransaction(
  channelId: string,
  terms: DefinitionTerms,
  client: Signer,
  endorsers: readonly DefinitionEndorser[],
): DefinitionTransaction | undefined {
  const [first] = endorsers;
  if (first === undefined) throw new Error('a definition needs an endorser');
  if ((readDefinition(first.state, terms.name)?.sequence ?? 0n) >= terms.sequence) return undefined;
  const proposal = createProposal(channelId, terms, client);
  const payloads = endorsers.map(({ state }) => simulate(proposal, terms, state));
  const [payload = new Uint8Array()] = payloads;
  if (!payloads.every((other) => sameBytes(other, payload))) {
    throw new Error(`peers disagree about the definition of ${terms.name}`);
  }
  const endorsements = endorsers.map(({ signer }) => signEndorsement(signer, payload));
  const transaction = transactionPayload({ proposal, payload }, endorsements);
  return {
    txId: proposal.channelHeader.txId,
    envelope: encodeEnvelope(transaction, client.sign(transaction)),
  };
}

function createProposal(channelId: string, terms: DefinitionTerms, client: Signer): ParsedProposal {
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
  const payload = new Writer().field(1, encodeInvocation(terms)).bytes();
  const proposalBytes = new Writer().field(1, header).field(2, payload).bytes();
  return readProposal(proposalBytes, client.sign(proposalBytes));
}

/** ChaincodeInvocationSpec of `CommitChaincodeDefinition(CommitChaincodeDefinitionArgs)`. */
function encodeInvocation(terms: DefinitionTerms): Uint8Array {
  const parameters = new Writer()
    .field(1, terms.sequence)
    .field(2, terms.name)
    .field(3, terms.version)
    .field(4, 'escc')
    .field(5, 'vscc')
    .field(6, terms.endorsementPolicy)
    .message(7, terms.collectionConfig ?? new Uint8Array())
    .bytes();
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from('CommitChaincodeDefinition'), parameters]);
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

function simulate(proposal: ParsedProposal, terms: DefinitionTerms, state: StateView): Uint8Array {
  const previous = readDefinition(state, terms.name);
  const results = encodeTxRwSet([
    {
      namespace: LIFECYCLE,
      reads: definitionReads(state, terms.name),
      ranges: [],
      writes: definitionWrites(terms, previous),
      metadataWrites: [],
      collections: [],
    },
  ]);
  return encodeResponsePayload({
    proposalHash: computeProposalHash(proposal, proposal.proposalPayload),
    extension: encodeChaincodeAction({
      results,
      events: new Uint8Array(),
      response: { status: 200, message: '', payload: new Uint8Array() },
      chaincodeId: { name: LIFECYCLE, version: systemVersion },
    }),
  });
}
