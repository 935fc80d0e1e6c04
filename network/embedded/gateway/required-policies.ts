import { type ApplicationPolicies } from '../commit/application-policies.js';
import { LEGACY_LIFECYCLE } from '../commit/definitions.js';
import { VALIDATION_PARAMETER, type WrittenKey, writtenKeys } from '../commit/judge-endorsements.js';
import { type StateView } from '../commit/state-view.js';
import { type CollectionName } from '../endorse/simulator.js';
import { type Policy } from '../msp/policy.js';
import { type NamespaceRwSet } from '../wire/rwset.js';

/** What a simulation did, as far as it says who must endorse. */
export interface SimulatedEffects {
  readonly sets: readonly NamespaceRwSet[];
  /** Collections of which plain text was read. */
  readonly privateReads: readonly CollectionName[];
}

/**
 * The policies that endorsements of a transaction must meet: of each written key that has one of its own, else of its
 * collection or chaincode; a chaincode that wrote nothing under its own policy, or only read, must be met as well, and
 * so must a collection of which plain text was read.
 * @param chaincode the one that was called.
 * @returns each policy once; `undefined` where a chaincode or collection has no definition.
 * Source: Fabric internal/pkg/gateway/endorsement.go and core/endorser/endorser.go (buildChaincodeInterest).
 */
export function requiredPolicies(
  { sets, privateReads }: SimulatedEffects,
  chaincode: string,
  policies: ApplicationPolicies,
  state: StateView,
): readonly Policy[] | undefined {
  const required = new Set<Policy>();
  for (const { namespace, collection } of privateReads) {
    const policy = policies.collection(namespace, collection);
    if (policy === undefined) return undefined;
    required.add(policy);
  }
  const called = sets.some(({ namespace }) => namespace === chaincode) ? sets : [...sets, emptySet(chaincode)];
  for (const set of called) {
    if (set.namespace === LEGACY_LIFECYCLE) continue; // It is read and never written, and is nobody's chaincode.
    const ofNamespace = namespacePolicies(set, policies, state);
    if (ofNamespace === undefined) return undefined;
    for (const policy of ofNamespace) required.add(policy);
  }
  return [...required];
}

/**
 * The collections whose members alone may endorse: those of which plain text was read, and, where the client sent
 * transient data, those that were written too: what it sent is not to reach anybody else.
 * Source: Fabric internal/pkg/gateway/endorse.go, planFromFirstEndorser, step 4.
 */
export function guardedCollections({ sets, privateReads }: SimulatedEffects, hasTransient: boolean): CollectionName[] {
  if (!hasTransient) return [...privateReads];
  const written = sets.flatMap(({ namespace, collections }) =>
    collections
      .filter(({ writes, metadataWrites }) => writes.length + metadataWrites.length > 0)
      .map(({ collection }) => ({ namespace, collection })),
  );
  return [...privateReads, ...written];
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
