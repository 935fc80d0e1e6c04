import { type common } from '@hyperledger/fabric-protos';

import { type ChannelConfig, readMspId } from '../config/channel-config.js';
import { MspError } from '../msp/errors.js';
import { compilePolicy, type Policy, rejectAll } from '../msp/policy.js';
import { parsePolicyText } from '../msp/policy-text.js';
import { Fields } from '../wire/protobuf-reader.js';
import { WireError } from '../wire/wire-error.js';
import { ownerOfImplicit } from './collection-rules.js';
import { CommitError } from './commit-error.js';
import { type ChaincodeDefinition, type FindDefinition, LIFECYCLE, readDefinition } from './definitions.js';
import type { StateView } from './state-view.js';

const APPLICATION = '/Channel/Application';

/** The part of the channel's configuration that endorsement policies rest on. */
export type PolicyChannel = Pick<ChannelConfig, 'policy' | 'applicationMspIds' | 'config'>;

/**
 * Finds and compiles the policies that a block's transactions must meet, as of the state before the block. A policy
 * that does not parse is met by nobody. Lives as long as one block is judged.
 */
export class ApplicationPolicies {
  readonly #channel: PolicyChannel;
  readonly #state: StateView;
  readonly #definitionOf: FindDefinition;
  readonly #definitions = new Map<string, ChaincodeDefinition | undefined>();
  readonly #compiled = new Map<string, Policy>();

  /** @param definitionOf how a definition is found in that state; a peer remembers those that did not change. */
  constructor(channel: PolicyChannel, state: StateView, definitionOf: FindDefinition = readDefinition) {
    this.#channel = channel;
    this.#state = state;
    this.#definitionOf = definitionOf;
  }

  /**
   * The policy of a chaincode, or undefined when it is not defined. `_lifecycle` itself answers to the channel.
   * Source: core/chaincode/lifecycle/deployedcc_infoprovider.go, ValidationInfo. @throws {CommitError}
   */
  chaincode(name: string): Policy | undefined {
    if (name === LIFECYCLE) return this.#lifecycle();
    const definition = this.#definition(name);
    const usable = definition && definition.validationPlugin !== '' && definition.endorsementPolicy.length > 0;
    return usable ? this.#application(definition.endorsementPolicy) : undefined;
  }

  /**
   * The policy of a private collection, or undefined when the chaincode has no such collection.
   * Source: core/chaincode/lifecycle/deployedcc_infoprovider.go, CollectionValidationInfo. @throws {CommitError}
   */
  collection(chaincodeName: string, collection: string): Policy | undefined {
    const owner = ownerOfImplicit(collection);
    if (owner !== undefined) return this.#organisation(owner);
    const definition = this.#definition(chaincodeName);
    const config = definition?.collections.find(({ name }) => name === collection);
    return definition && config && this.#application(config.endorsementPolicy ?? definition.endorsementPolicy);
  }

  /** The policy in a key's own metadata: bare common.SignaturePolicyEnvelope bytes. */
  key(validationParameter: Uint8Array): Policy {
    return this.#remembered(validationParameter, 'key', () => compilePolicy(validationParameter));
  }

  #definition(name: string): ChaincodeDefinition | undefined {
    if (!this.#definitions.has(name)) this.#definitions.set(name, this.#definitionOf(this.#state, name));
    return this.#definitions.get(name);
  }

  /** Compiles peer.ApplicationPolicy bytes (core/policy/application.go, Evaluate). */
  #application(bytes: Uint8Array): Policy {
    return this.#remembered(bytes, 'application', () => {
      const fields = new Fields(bytes);
      const form = fields.lastOf(1, 2);
      if (form === 2) return this.#channel.policy(fields.text(2));
      return form === 1 ? compilePolicy(fields.message(1) ?? new Uint8Array(0)) : rejectAll;
    });
  }

  /** Channels without a lifecycle policy want a majority of the organisations' members. */
  #lifecycle(): Policy {
    const stated = this.#channel.policy(`${APPLICATION}/LifecycleEndorsement`);
    if (stated !== rejectAll) return stated;
    const members = this.#channel.applicationMspIds;
    const majority = Math.floor(members.length / 2) + 1;
    return compilePolicy(parsePolicyText(`OutOf(${majority}, ${members.map((id) => `'${id}.member'`).join(', ')})`));
  }

  /** Implicit collections answer to their organisation's own endorsement policy, or else to any of its members. */
  #organisation(mspId: string): Policy | undefined {
    if (!this.#channel.applicationMspIds.includes(mspId)) return undefined;
    const stated = this.#channel.policy(`${APPLICATION}/${groupName(this.#channel.config, mspId)}/Endorsement`);
    return stated === rejectAll ? compilePolicy(parsePolicyText(`OR('${mspId}.member')`)) : stated;
  }

  #remembered(bytes: Uint8Array, kind: string, compile: () => Policy): Policy {
    const id = `${kind} ${Buffer.from(bytes).toString('latin1')}`;
    const known = this.#compiled.get(id);
    if (known) return known;
    const policy = compileOrReject(compile);
    this.#compiled.set(id, policy);
    return policy;
  }
}

/** A key's policy is whatever a chaincode stored: Fabric stops the channel at bytes it cannot read, we reject. */
function compileOrReject(compile: () => Policy): Policy {
  try {
    return compile();
  } catch (cause) {
    if (cause instanceof MspError || cause instanceof WireError) return rejectAll;
    throw cause;
  }
}

/** The name of an organisation's group in the configuration, which need not be its MSP id. */
function groupName(config: common.Config, mspId: string): string {
  const names: string[] = [];
  const application = config.getChannelGroup()?.getGroupsMap().get('Application');
  application?.getGroupsMap().forEach((group, name) => {
    if (mspIdOf(group) === mspId) names.push(name);
  });
  const [name] = names;
  if (name === undefined) throw new CommitError('BLOCK_MISMATCH', `no group of the channel has the MSP id ${mspId}`);
  return name;
}

function mspIdOf(group: common.ConfigGroup): string | undefined {
  const mspConfig = group.getValuesMap().get('MSP')?.getValue_asU8();
  return mspConfig && readMspId(mspConfig);
}
