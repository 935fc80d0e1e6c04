import { Shim } from 'fabric-shim';
import ChaincodeFromContract from 'fabric-shim/lib/contract-spi/chaincodefromcontract.js';
import { DomainError } from '../domain/errors.js';

/** What the dispatcher reads of a stub before contract-api does. */
interface CallStub {
  getBufferArgs(): readonly Uint8Array[];
}

/**
 * contract-api's dispatcher, but for one thing: a contract that does not exist is refused with a code of ours, and the
 * name that was asked for, which may be of any length and content, is not repeated to the caller or in logs.
 */
export class Dispatcher extends ChaincodeFromContract {
  override Invoke(stub: object): ReturnType<ChaincodeFromContract['Invoke']> {
    const [name] = (stub as CallStub).getBufferArgs();
    const contract = name === undefined ? '' : contractOf(Buffer.from(name).toString('utf8'));
    if (contract === '' || Object.hasOwn(this.contractImplementations, contract)) return super.Invoke(stub);
    const wanted = 'a transaction of a contract that this chaincode has';
    const refusal = new DomainError('REQUEST_MALFORMED', { where: 'transaction', wanted });
    return Promise.resolve(Shim.error(refusal.message));
  }
}

/** What stands before the first colon; empty where the default contract is meant. */
function contractOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(0, colon).trim();
}
