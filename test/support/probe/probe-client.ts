import { type Contract, type ProposalOptions } from '@hyperledger/fabric-gateway';

import { type PeerConnection, textOf } from '../network/peer-connection.js';

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
  const submitted = await probeOf(connection).submitAsync(name, proposal);
  const { code, blockNumber } = await submitted.getStatus();
  return { txId: submitted.getTransactionId(), code, blockNumber };
}

let count = 0;

/** A key or prefix that no other scenario uses, so that all may run on one network in any order. */
export function freshKey(name: string): string {
  count += 1;
  return `${name}-${process.pid}-${Date.now().toString(36)}-${count}-`;
}
