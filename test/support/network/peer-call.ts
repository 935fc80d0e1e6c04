import { gateway, peer } from '@hyperledger/fabric-protos';

import { PeerConnection } from './peer-connection.js';
import { signMessage } from './user-identity.js';

/** What is asked of one peer's own chaincode. */
export interface PeerCall {
  readonly chaincode: string;
  readonly name: string;
  readonly parameters: readonly Uint8Array[];
}

/**
 * Asks one peer and no other, on no channel, as Fabric's administrators do: `Endorser.ProcessProposal` with a proposal
 * that the client signs itself. @throws the call's ServiceError
 */
export async function callPeer({ client, identity }: PeerConnection, call: PeerCall): Promise<peer.Response> {
  const contract = new PeerConnection(client, '', identity).contract(call.chaincode);
  const unsigned = contract.newProposal(call.name, { arguments: [...call.parameters] });
  const proposed = gateway.ProposedTransaction.deserializeBinary(unsigned.getBytes());
  const bytes = proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array(0);
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(bytes);
  signed.setSignature(signMessage(identity, bytes));
  const answer = await new Promise<peer.ProposalResponse>((resolve, reject) => {
    client.makeUnaryRequest(
      '/protos.Endorser/ProcessProposal',
      (message: peer.SignedProposal) => Buffer.from(message.serializeBinary()),
      (message: Buffer) => peer.ProposalResponse.deserializeBinary(message),
      signed,
      (error, response) => {
        if (response === undefined) reject(error ?? new Error('no answer'));
        else resolve(response);
      },
    );
  });
  return answer.getResponse() ?? new peer.Response();
}
