import { type Channel } from './channel.js';
import { type Member } from './organisation.js';
import { type Policy, readSignaturePolicy } from './policy.js';
import { type ByteString, display, Message } from './protobuf.js';
import { type Effects, type NamespaceEffects } from './rwset.js';
import { type Space, type State } from './state.js';
import { CODE, type Formed, Refused } from './transaction.js';
import { Unreadable } from './unreadable.js';

const lifecycle = '_lifecycle';
const keyPolicy = 'VALIDATION_PARAMETER';
const implicitCollection = '_implicit_org_';
const publicDefinitions = { namespace: lifecycle, collection: '' };

/**
 * Judges whether the transactions of one block carry the endorsements that they need, one after the other.
 * Source: Fabric's core/common/validation/statebased and core/chaincode/lifecycle/deployedcc_infoprovider.go.
 */
export class EndorsementRules {
  readonly #channel: Channel;
  readonly #state: State;
  /** Keys whose policy an earlier transaction of the block changes. */
  readonly #barred = new Set<string>();
  readonly #definitions = new Map<ByteString, Definition | undefined>();

  constructor(channel: Channel, state: State) {
    this.#channel = channel;
    this.#state = state;
  }

  /** @throws Refused */
  check({ statements, effects, namespaces }: Formed): void {
    const signers = this.#channel.signers(statements);
    for (const namespace of namespaces) {
      const policy = this.#chaincodePolicy(namespace);
      if (policy === undefined) throw new Refused(CODE.INVALID_CHAINCODE, `${display(namespace)} is not defined`);
      const own = effects.find((each) => each.namespace === namespace);
      this.#checkNamespace(own, policy, signers);
      for (const part of own === undefined ? [] : [own.publicKeys, ...own.collections]) {
        for (const { key } of part.metadata) this.#barred.add(idOf(part, key));
      }
    }
  }

  /** How many blocks a collection's keys live, as it was defined before the block; 0 for ever. */
  blockToLive({ namespace, collection }: Space): bigint {
    return this.#definition(namespace)?.collections.get(collection)?.blockToLive ?? 0n;
  }

  #checkNamespace(effects: NamespaceEffects | undefined, policy: Policy, signers: readonly Member[]): void {
    const met = new Set<Policy>();
    const demand = (wanted: Policy | undefined): void => {
      if (wanted !== undefined && met.has(wanted)) return;
      if (wanted?.(signers) !== true) throw new Refused(CODE.ENDORSEMENT_POLICY_FAILURE, 'too few endorsed');
      met.add(wanted);
    };
    for (const part of effects === undefined ? [] : [effects.publicKeys, ...effects.collections]) {
      for (const key of new Set([...part.writes, ...part.metadata].map((write) => write.key))) {
        if (this.#barred.has(idOf(part, key))) throw new Refused(CODE.ENDORSEMENT_POLICY_FAILURE, 'its policy changes');
        const parameter = this.#state.get(part, key)?.metadata.get(keyPolicy);
        if (parameter !== undefined && parameter.length > 0) demand(this.#keyPolicy(parameter));
        else demand(part.collection === '' ? policy : this.#collectionPolicy(part));
      }
    }
    if (met.size === 0) demand(policy);
  }

  readonly #keyPolicies = new Map<string, Policy>();

  #keyPolicy(bytes: Uint8Array): Policy {
    const id = Buffer.from(bytes).toString('latin1');
    const policy = this.#keyPolicies.get(id) ?? orNobody(() => readSignaturePolicy(bytes));
    this.#keyPolicies.set(id, policy);
    return policy;
  }

  #chaincodePolicy(name: ByteString): Policy | undefined {
    if (name === lifecycle) return this.#lifecyclePolicy();
    const definition = this.#definition(name);
    return definition?.isUsable === true ? definition.policy : undefined;
  }

  #collectionPolicy({ namespace, collection }: Effects): Policy | undefined {
    if (collection.startsWith(implicitCollection)) {
      return this.#organisationPolicy(collection.slice(implicitCollection.length));
    }
    const definition = this.#definition(namespace);
    const config = definition?.collections.get(collection);
    return config === undefined ? undefined : (config.policy ?? definition?.policy);
  }

  #lifecyclePolicy(): Policy {
    const path = '/Channel/Application/LifecycleEndorsement';
    if (this.#channel.hasPolicy(path)) return this.#channel.policy(path);
    const names = [...this.#channel.members.keys()];
    return (members) => names.filter((name) => members.some(({ mspId }) => mspId === name)).length * 2 > names.length;
  }

  #organisationPolicy(mspId: ByteString): Policy | undefined {
    const group = this.#channel.members.get(mspId);
    if (group === undefined) return undefined;
    const path = `/Channel/Application/${group}/Endorsement`;
    return this.#channel.hasPolicy(path)
      ? this.#channel.policy(path)
      : (members) => members.some((member) => member.mspId === mspId);
  }

  #definition(name: ByteString): Definition | undefined {
    if (!this.#definitions.has(name)) this.#definitions.set(name, this.#readDefinition(name));
    return this.#definitions.get(name);
  }

  /** Source: Fabric's core/chaincode/lifecycle/serializer.go and peer/lifecycle/db.proto. */
  #readDefinition(name: ByteString): Definition | undefined {
    if (this.#state.get(publicDefinitions, `namespaces/metadata/${name}`) === undefined) return undefined;
    const field = (of: string) => {
      const bytes = this.#state.valueOf(publicDefinitions, `namespaces/fields/${name}/${of}`);
      return new Message(bytes).bytes(2);
    };
    const validation = new Message(field('ValidationInfo'));
    const parameter = validation.bytes(2);
    const policy = this.#applicationPolicy(parameter);
    const collections = new Map(
      new Message(field('Collections')).all(1).flatMap((bytes) => {
        const config = new Message(bytes).part(1);
        if (config === undefined) return [];
        const fields = new Message(config);
        const stated = fields.part(8);
        const policy = stated && this.#applicationPolicy(stated);
        return [[fields.text(1), { policy, blockToLive: fields.uint(5) }] as const];
      }),
    );
    return { isUsable: validation.text(1) !== '' && parameter.length > 0, policy, collections };
  }

  /** `peer.ApplicationPolicy`: a policy, or the path of one in the configuration. */
  #applicationPolicy(bytes: Uint8Array): Policy {
    return orNobody(() => {
      const fields = new Message(bytes);
      const form = fields.which(1, 2);
      if (form === 2) return this.#channel.policy(display(fields.text(2)));
      return form === 1 ? readSignaturePolicy(fields.part(1) ?? new Uint8Array(0)) : () => false;
    });
  }
}

interface Definition {
  readonly isUsable: boolean;
  readonly policy: Policy;
  readonly collections: ReadonlyMap<
    ByteString,
    { readonly policy: Policy | undefined; /** 0: for ever. */ readonly blockToLive: bigint }
  >;
}

/** A policy that cannot be read is met by nobody. */
function orNobody(read: () => Policy): Policy {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Unreadable) return () => false;
    throw cause;
  }
}

function idOf({ namespace, collection }: Effects, key: ByteString): string {
  return `${namespace}\0${collection}\0${key}`;
}
