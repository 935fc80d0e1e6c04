import { status } from '@grpc/grpc-js';
import {
  type Contract,
  type ProposalOptions,
  type Status,
  GatewayError,
  type Transaction,
} from '@hyperledger/fabric-gateway';
import { gateway as proto } from '@hyperledger/fabric-protos';

import { type PeerConnection, textOf } from '../network/peer-connection.js';
import { serializedIdentity } from '../network/user-identity.js';

const UNAVAILABLE: number = status.UNAVAILABLE;

/** The name under which test topologies deploy the probe. */
export const PROBE = 'probe';

/** The probe's contract at a connection. */
export function probeOf(connection: PeerConnection): Contract {
  return connection.contract(PROBE);
}

/** Evaluates a transaction of the probe. @returns its answer, a text. */
export async function ask(connection: PeerConnection, name: string, ...args: string[]): Promise<string> {
  return textOf(await probeOf(connection).evaluateTransaction(name, ...args));
}

/** As {@link ask}, for transactions that answer several values. */
export async function askValue<Value>(connection: PeerConnection, name: string, ...args: string[]): Promise<Value> {
  return JSON.parse(await ask(connection, name, ...args)) as Value;
}

/** What came of a transaction, valid or not. */
export interface Committed {
  readonly txId: string;
  /** A `peer.TxValidationCode`. */
  readonly code: number;
  readonly blockNumber: bigint;
}

/** Submits and waits for the verdict; a rejected transaction is an answer here, not an error. */
export async function commit(
  connection: PeerConnection,
  name: string,
  options: ProposalOptions | readonly string[],
): Promise<Committed> {
  const proposal = Array.isArray(options) ? { arguments: [...(options as string[])] } : (options as ProposalOptions);
  const transaction = await probeOf(connection).newProposal(name, proposal).endorse();
  const submitted = await transaction.submit().catch((error: unknown) => {
    // Under Byzantine ordering too few acknowledgements do not mean "not ordered": the id tells.
    if (error instanceof GatewayError && error.code === UNAVAILABLE) return undefined;
    throw error;
  });
  const { code, blockNumber } = await (submitted?.getStatus() ?? statusOf(connection, transaction));
  return { txId: transaction.getTransactionId(), code, blockNumber };
}

/** Asks for the status of a transaction whose submission was not acknowledged. */
function statusOf({ gateway, identity, network }: PeerConnection, transaction: Transaction): Promise<Status> {
  const request = new proto.CommitStatusRequest();
  request.setTransactionId(transaction.getTransactionId());
  request.setChannelId(network.getName());
  request.setIdentity(serializedIdentity(identity));
  const signed = new proto.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  return gateway.newCommit(signed.serializeBinary()).getStatus();
}

let count = 0;

/** A key or prefix that no other scenario uses, so that all may run on one network in any order. */
export function freshKey(name: string): string {
  count += 1;
  return `${name}-${process.pid}-${Date.now().toString(36)}-${count}-`;
}
