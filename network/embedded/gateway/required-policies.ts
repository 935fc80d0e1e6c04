import { type ApplicationPolicies } from '../commit/application-policies.js';
import { VALIDATION_PARAMETER, type WrittenKey, writtenKeys } from '../commit/judge-endorsements.js';
import { type StateView } from '../commit/state-view.js';
import { type Policy } from '../msp/policy.js';
import { type NamespaceRwSet } from '../wire/rwset.js';

/**
 * The policies that endorsements of a transaction must meet: of each written key that has one of its own, else of its
 * collection or chaincode; a chaincode that wrote nothing under its own policy, or only read, must be met as well.
 * @param sets what a simulation read and wrote. @param chaincode the one that was called.
 * @returns each policy once; `undefined` where a chaincode or collection has no definition.
 * Source: Fabric internal/pkg/gateway/endorsement.go and core/endorser/endorser.go (buildChaincodeInterest).
 */
export function requiredPolicies(
  sets: readonly NamespaceRwSet[],
  chaincode: string,
  policies: ApplicationPolicies,
  state: StateView,
): readonly Policy[] | undefined {
  const required = new Set<Policy>();
  const called = sets.some(({ namespace }) => namespace === chaincode) ? sets : [...sets, emptySet(chaincode)];
  for (const set of called) {
    const ofNamespace = namespacePolicies(set, policies, state);
    if (ofNamespace === undefined) return undefined;
    for (const policy of ofNamespace) required.add(policy);
  }
  return [...required];
}

function namespacePolicies(set: NamespaceRwSet, policies: ApplicationPolicies, state: StateView): Policy[] | undefined {
  const { namespace } = set;
  const chaincodePolicy = policies.chaincode(namespace);
  if (chaincodePolicy === undefined) return undefined;
  const found: (Policy | undefined)[] = writtenKeys(set).map((written) => {
    const own = keyPolicy(namespace, written, policies, state);
    if (own !== undefined) return own;
    return written.collection === '' ? chaincodePolicy : policies.collection(namespace, written.collection);
  });
  if (found.length === 0) return [chaincodePolicy];
  const known = found.filter((policy) => policy !== undefined);
  return known.length === found.length ? known : undefined;
}

function keyPolicy(
  namespace: string,
  { collection, key }: WrittenKey,
  policies: ApplicationPolicies,
  state: StateView,
): Policy | undefined {
  const entry = typeof key === 'string' ? state.get(namespace, key) : state.getHashed(namespace, collection, key);
  const parameter = entry?.metadata.get(VALIDATION_PARAMETER);
  return parameter === undefined || parameter.length === 0 ? undefined : policies.key(parameter);
}

function emptySet(namespace: string): NamespaceRwSet {
  return { namespace, reads: [], ranges: [], writes: [], metadataWrites: [], collections: [] };
}
