import { type ChaincodeStub } from 'fabric-shim';
import { canonicalJson } from '../domain/canonical-json.js';
import { type KeyPolicy } from './endorsement-policy.js';

/** The part of Fabric's stub that stores use. */
export type StateStub = Pick<
  ChaincodeStub,
  | 'createCompositeKey'
  | 'splitCompositeKey'
  | 'getState'
  | 'putState'
  | 'setStateValidationParameter'
  | 'getStateByPartialCompositeKey'
  | 'getStateByPartialCompositeKeyWithPagination'
>;

/** @returns the committed value of a key that one of our stores wrote, `undefined` where it is absent. */
export async function readState<Value>(stub: StateStub, key: string): Promise<Value | undefined> {
  const bytes = await stub.getState(key);
  return bytes.length === 0 ? undefined : (readValue(bytes) as Value);
}

/** Reads a stored value: canonical JSON that {@link writeState} wrote, so it needs no second parser. */
export function readValue(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** Writes a value as canonical JSON and, beside it, who must endorse its next change. */
export async function writeState(stub: StateStub, key: string, value: object, policy: KeyPolicy): Promise<void> {
  await stub.putState(key, Buffer.from(canonicalJson(value)));
  await stub.setStateValidationParameter(key, policy);
}
