import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { credentials, status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';

import { type Signer } from '../embedded/msp/signer.js';
import { type FabricPeerPlan } from '../plan/fabric-plan.js';

const nonceBytes = 24;
const probeMs = 5_000;
/** fabric-contract-api answers it without touching a key; of any other chaincode its refusal tells as much. */
const probedFunction = 'org.hyperledger.fabric:GetMetadata';

/** What is to be endorsed, and by which organisations. */
export interface ProbedCall {
  readonly channel: string;
  readonly chaincode: string;
  readonly mspIds: readonly string[];
}

/**
 * Asks a peer's gateway to have a chaincode's read-only call endorsed, which is never submitted. A chaincode that
 * answers on every peer is not yet a network that is ready: a gateway finds the peers of other organisations by gossip,
 * and refuses until it has.
 * @returns whether a peer of each organisation was found and asked; what the chaincode said does not matter
 */
export async function canEndorse(target: FabricPeerPlan, call: ProbedCall, signer: Signer): Promise<boolean> {
  const client = new gateway.GatewayClient(target.address, credentials.createSsl(readFileSync(target.tls.caFile)), {
    'grpc.ssl_target_name_override': target.id,
  });
  try {
    const request = endorseRequest(call, signer);
    return await new Promise<boolean>((resolve) => {
      client.endorse(request, { deadline: Date.now() + probeMs }, (error) => {
        resolve(error === null || error.code === status.ABORTED);
      });
    });
  } finally {
    client.close();
  }
}

function endorseRequest({ channel, chaincode, mspIds }: ProbedCall, signer: Signer): gateway.EndorseRequest {
  const nonce = randomBytes(nonceBytes);
  const txId = createHash('sha256').update(nonce).update(signer.identityBytes).digest('hex');
  const proposal = new peer.Proposal();
  proposal.setHeader(proposalHeader(channel, chaincode, txId, { nonce, creator: signer.identityBytes }));
  proposal.setPayload(proposalPayload(chaincode));
  const signed = new peer.SignedProposal();
  const bytes = proposal.serializeBinary();
  signed.setProposalBytes(bytes);
  signed.setSignature(signer.sign(bytes));
  const request = new gateway.EndorseRequest();
  request.setTransactionId(txId);
  request.setChannelId(channel);
  request.setProposedTransaction(signed);
  request.setEndorsingOrganizationsList([...mspIds]);
  return request;
}

function proposalHeader(
  channel: string,
  chaincode: string,
  txId: string,
  { nonce, creator }: { readonly nonce: Uint8Array; readonly creator: Uint8Array },
): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setTxId(txId);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date()));
  channelHeader.setExtension$(extension.serializeBinary());
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header.serializeBinary();
}

function proposalPayload(chaincode: string): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(probedFunction)]);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(id);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}
