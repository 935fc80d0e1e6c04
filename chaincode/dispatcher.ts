import { Shim } from 'fabric-shim';
import ChaincodeFromContract from 'fabric-shim/lib/contract-spi/chaincodefromcontract.js';
import { DomainError } from '../domain/errors.js';
import { BatchedRequests, type ShimHandler } from './batched-requests.js';
import { limitsOf } from './batching-server.js';

/** What the dispatcher reads of a stub before contract-api does. */
interface CallStub {
  getBufferArgs(): readonly Uint8Array[];
  handler?: ShimHandler & { readonly _stream: object };
}

type Answer = Awaited<ReturnType<ChaincodeFromContract['Invoke']>>;

/**
 * contract-api's dispatcher, but for two things. A contract that does not exist is refused with a code of ours, and the
 * name that was asked for, which may be of any length and content, is not repeated to the caller or in logs. And a
 * peer that takes several keys in one message gets them so.
 */
export class Dispatcher extends ChaincodeFromContract {
  override Invoke(stub: object): Promise<Answer> {
    const call = stub as CallStub;
    const [name] = call.getBufferArgs();
    const contract = name === undefined ? '' : contractOf(Buffer.from(name).toString('utf8'));
    if (contract === '' || Object.hasOwn(this.contractImplementations, contract)) return this.#invoke(call);
    const wanted = 'a transaction of a contract that this chaincode has';
    const refusal = new DomainError('REQUEST_MALFORMED', { where: 'transaction', wanted });
    return Promise.resolve(Shim.error(refusal.message));
  }

  async #invoke(stub: CallStub): Promise<Answer> {
    const limits = stub.handler === undefined ? undefined : limitsOf(stub.handler._stream);
    if (stub.handler === undefined || limits === undefined) return super.Invoke(stub);
    const requests = new BatchedRequests(stub.handler, limits);
    Object.assign(stub, { handler: requests.handler() });
    const answer = await super.Invoke(stub);
    if (answer.status >= errorStatusMin) return answer; // Nobody endorses it, whatever it wrote.
    try {
      await requests.flush();
      return answer;
    } catch (error) {
      return Shim.error(error instanceof Error ? error.message : 'the peer refused a write');
    }
  }
}

/** Source: ChaincodeStub.RESPONSE_CODE of fabric-shim 2.5.8, lib/stub.js. */
const errorStatusMin = 400;

/** What stands before the first colon; empty where the default contract is meant. */
function contractOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(0, colon).trim();
}
