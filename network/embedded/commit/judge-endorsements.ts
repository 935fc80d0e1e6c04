import { peer } from '@hyperledger/fabric-protos';

import type { Identity } from '../msp/identity.js';
import type { Policy } from '../msp/policy.js';
import type { MspRegistry } from '../msp/registry.js';
import { remembered } from '../wire/remember.js';
import type { NamespaceRwSet } from '../wire/rwset.js';
import type { ApplicationPolicies } from './application-policies.js';
import type { FormedTransaction } from './judge-form.js';
import type { StateEntry, StateView } from './state-view.js';
import { TxRefused } from './tx-code.js';

const { TxValidationCode: Code } = peer;

/** Name of the metadata entry that holds a key's own policy (peer.MetaDataKeys). */
export const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';

/** A key that a transaction writes; `key` is text in public and the key's hash in a collection. */
export interface WrittenKey {
  readonly collection: string;
  readonly key: string | Uint8Array;
}

/**
 * Judges whether transactions of one block carry the endorsements that their writes need. Transactions must be given
 * in the order of the block, because one that changes a key's policy bars later writers of that key in the block.
 * Source: core/common/validation/statebased/{validator_keylevel,v20,vpmanagerimpl}.go.
 */
export class EndorsementJudge {
  readonly #msps: MspRegistry;
  readonly #policies: ApplicationPolicies;
  readonly #state: StateView;
  /** Keys whose policy an earlier transaction of the block changes, its endorsements being sufficient. */
  readonly #changedPolicies = new Set<string>();

  constructor(msps: MspRegistry, policies: ApplicationPolicies, state: StateView) {
    this.#msps = msps;
    this.#policies = policies;
    this.#state = state;
  }

  /** @throws {TxRefused} INVALID_CHAINCODE or ENDORSEMENT_POLICY_FAILURE */
  check(transaction: FormedTransaction): void {
    const endorsers = this.#endorsers(transaction);
    for (const namespace of transaction.namespaces) {
      const policy = this.#policies.chaincode(namespace);
      if (!policy) throw new TxRefused(Code.INVALID_CHAINCODE, `chaincode ${namespace} is not defined`);
      const set = transaction.rwset.find((candidate) => candidate.namespace === namespace);
      this.#checkNamespace(namespace, set, policy, endorsers);
      if (set) this.#rememberPolicyChanges(set);
    }
  }

  /** Distinct endorsers whose signature over response payload and identity holds; others count for nothing. */
  #endorsers({ statements }: FormedTransaction): Identity[] {
    return this.#msps.validSigners(statements);
  }

  /** Each written key's own policy counts instead of the chaincode's or collection's; one policy at least must be met. */
  #checkNamespace(
    namespace: string,
    set: NamespaceRwSet | undefined,
    chaincodePolicy: Policy,
    endorsers: readonly Identity[],
  ): void {
    const met = new Set<Policy>();
    const require = (policy: Policy | undefined, whose: string): void => {
      if (policy && met.has(policy)) return;
      if (!policy?.isSatisfiedBy(endorsers)) refuse(`policy of ${whose} is not met`);
      else met.add(policy);
    };
    for (const written of set ? writtenKeys(set) : []) {
      const own = this.#keyPolicy(namespace, written);
      const { collection } = written;
      if (own) require(own, 'a key');
      else if (collection === '') require(chaincodePolicy, namespace);
      else require(this.#policies.collection(namespace, collection), `${namespace}/${collection}`);
    }
    if (met.size === 0) require(chaincodePolicy, namespace);
  }

  #keyPolicy(namespace: string, written: WrittenKey): Policy | undefined {
    // Most blocks change no policy: then no key need be named.
    if (this.#changedPolicies.size > 0 && this.#changedPolicies.has(idOf(namespace, written)))
      refuse('an earlier transaction changes the key policy');
    const parameter = this.#committed(namespace, written)?.metadata.get(VALIDATION_PARAMETER);
    return parameter && parameter.length > 0 ? this.#policies.key(parameter) : undefined;
  }

  #committed(namespace: string, { collection, key }: WrittenKey): StateEntry | undefined {
    return typeof key === 'string'
      ? this.#state.get(namespace, key)
      : this.#state.getHashed(namespace, collection, key);
  }

  #rememberPolicyChanges({ namespace, metadataWrites, collections }: NamespaceRwSet): void {
    for (const { key } of metadataWrites) this.#changedPolicies.add(idOf(namespace, { collection: '', key }));
    for (const { collection, metadataWrites: hashed } of collections) {
      for (const { keyHash } of hashed) this.#changedPolicies.add(idOf(namespace, { collection, key: keyHash }));
    }
  }
}

function refuse(reason: string): never {
  throw new TxRefused(Code.ENDORSEMENT_POLICY_FAILURE, reason);
}

/** Every key that a set writes, in Fabric's order: public keys, then values and metadata of all collections. */
export const writtenKeys = remembered(({ writes, metadataWrites, collections }: NamespaceRwSet): WrittenKey[] => {
  const inCollections = (part: 'writes' | 'metadataWrites'): WrittenKey[] =>
    collections.flatMap((set) => set[part].map(({ keyHash }) => ({ collection: set.collection, key: keyHash })));
  return [
    ...[...new Set([...writes, ...metadataWrites].map(({ key }) => key))].map((key) => ({ collection: '', key })),
    ...inCollections('writes'),
    ...inCollections('metadataWrites'),
  ];
});

function idOf(namespace: string, { collection, key }: WrittenKey): string {
  return JSON.stringify([namespace, collection, typeof key === 'string' ? key : Buffer.from(key).toString('hex')]);
}
