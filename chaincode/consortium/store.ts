import { type Consortium } from '../../domain/consortium.js';
import { majorityOf } from '../endorsement-policy.js';
import { readState, type StateStub, writeState } from '../state.js';

function consortiumKey(stub: StateStub): string {
  return stub.createCompositeKey('consortium', ['members']);
}

/** The member list, `undefined` before it was configured. */
export function readConsortium(stub: StateStub): Promise<Consortium | undefined> {
  return readState<Consortium>(stub, consortiumKey(stub));
}

/** From here on, a majority of these members must endorse the next change: Fabric enforces it, not this code. */
export async function writeConsortium(stub: StateStub, consortium: Consortium): Promise<void> {
  await writeState(stub, consortiumKey(stub), consortium, majorityOf(consortium.members));
}
