import { GatewayError } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';

import { type Connection, within } from './connection.js';

/** What a peer answers to a reader of blocks whom it does not serve (common/common.proto, Status). */
export const DELIVER_STATUS = { forbidden: common.Status.FORBIDDEN, notFound: common.Status.NOT_FOUND } as const;

const ASK_MS = 10_000;
const WORDS_MAX = 200;

/** What a channel is asked about, and as whom. */
export interface ChannelQuestion {
  readonly connection: Connection;
  readonly user: string;
  readonly channel: string;
}

/** A chaincode's definition in force. */
export interface Definition {
  readonly version: string;
  readonly sequence: number;
  /** MSP ids of the organisations that approved it. */
  readonly approvedBy: readonly string[];
}

/** Asks for a chaincode's definition. @throws {GatewayError} as the peer says, `… is not defined` among others */
export async function queryDefinition(question: ChannelQuestion, chaincode: string): Promise<Definition> {
  const wanted = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  wanted.setName(chaincode);
  const bytes = await evaluateAlone(question, '_lifecycle', 'QueryChaincodeDefinition', [wanted.serializeBinary()]);
  const definition = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
  const approvals = [...definition.getApprovalsMap().entries()];
  return {
    version: definition.getVersion(),
    sequence: definition.getSequence(),
    approvedBy: approvals.filter(([, approved]) => approved).map(([mspId]) => mspId),
  };
}

/** Evaluates a transaction once, without what a gateway does for its callers. @throws {GatewayError} */
export async function evaluateAlone(
  { connection, user, channel }: ChannelQuestion,
  chaincode: string,
  transaction: string,
  args: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const contract = connection.gatewayOf(user).getNetwork(channel).getContract(chaincode);
  return await contract.newProposal(transaction, { arguments: [...args] }).evaluate(within(ASK_MS));
}

/** What the peers said of a call that failed, in one line of at most 200 characters. */
export function peersWords(error: unknown): string {
  const words =
    error instanceof GatewayError
      ? [error.message, ...error.details.map(({ message }) => message)].join('; ')
      : error instanceof Error
        ? error.message
        : String(error);
  return words.slice(0, WORDS_MAX);
}
