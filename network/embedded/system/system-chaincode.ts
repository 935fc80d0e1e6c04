import { type Simulator } from '../endorse/simulator.js';
import { type Identity } from '../msp/identity.js';
import { type Response } from '../wire/transaction.js';

/** Version that a peer's own chaincodes state in every action. Source: Fabric core/scc/scc.go, SysCCVersion. */
export const SYSTEM_VERSION = 'syscc';

const noBytes = new Uint8Array(0);

/** One call of a peer's own chaincode, by a proposal that was checked or by another chaincode. */
export interface SystemCall {
  /** Arguments of `ChaincodeInput`; the first is the function's name. */
  readonly args: readonly Uint8Array[];
  /** Channel of the proposal; empty for a proposal to the peer itself. */
  readonly channelId: string;
  /** The chaincode that the proposal names: another one where that one called. */
  readonly calledName: string;
  /** Who signed the proposal; admitted, and the signature verified. */
  readonly creator: Identity;
  /** Records reads and writes of the channel's state. `undefined` without a channel, as there is no state then. */
  readonly simulator: Simulator | undefined;
}

/** A chaincode that is part of every peer and is defined on no channel. */
export interface SystemChaincode {
  readonly name: string;
  /** Never rejects for what the caller did wrong: that is a response with status 500 or 404. */
  invoke(call: SystemCall): Promise<Response> | Response;
}

/** A refusal to answer, whose message the caller is told in a response. */
export class SystemRefusal extends Error {
  override readonly name = 'SystemRefusal';
  /** Status of the response. */
  readonly status: number;

  constructor(message: string, status = 500, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * Answers with bytes, or with the refusal that was thrown. Other errors go on: they are bugs.
 * Source: fabric-chaincode-go shim/response.go, Success and Error.
 */
export async function respond(answer: () => Promise<Uint8Array> | Uint8Array): Promise<Response> {
  try {
    return { status: 200, message: '', payload: await answer() };
  } catch (cause) {
    if (!(cause instanceof SystemRefusal)) throw cause;
    return { status: cause.status, message: cause.message, payload: noBytes };
  }
}

/** Text of an argument; empty where there is none. */
export function textArg(args: readonly Uint8Array[], index: number): string {
  return Buffer.from(args[index] ?? noBytes).toString();
}
