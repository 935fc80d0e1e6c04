import { compilePolicy } from '../msp/policy.js';
import { parsePolicyText } from '../msp/policy-text.js';
import { type PolicySubject } from '../msp/identity.js';
import {
  type ChaincodeDefinition,
  type Collection,
  type DefinitionView,
  type FindDefinition,
  LIFECYCLE,
  readDefinition,
} from './definitions.js';

/** Every chaincode has a collection of this name for each organisation of the channel, without declaring it. */
const IMPLICIT_PREFIX = '_implicit_org_';

/** The organisation whose own collection a name is; `undefined` for a declared one. */
export function ownerOfImplicit(collection: string): string | undefined {
  return collection.startsWith(IMPLICIT_PREFIX) ? collection.slice(IMPLICIT_PREFIX.length) : undefined;
}

/**
 * The collections of a channel's chaincodes as one state defines them, declared and implicit.
 * Source: Fabric core/chaincode/lifecycle/deployedcc_infoprovider.go, CollectionInfo.
 */
export class CollectionRules {
  readonly #state: DefinitionView;
  readonly #mspIds: readonly string[];
  readonly #definitionOf: FindDefinition;
  readonly #definitions = new Map<string, ChaincodeDefinition | undefined>();

  /** @param mspIds the channel's application organisations. */
  constructor(state: DefinitionView, mspIds: readonly string[], definitionOf: FindDefinition = readDefinition) {
    this.#state = state;
    this.#mspIds = mspIds;
    this.#definitionOf = definitionOf;
  }

  /** The collection, or `undefined` where the chaincode has none of that name. @throws CommitError */
  find(chaincode: string, collection: string): Collection | undefined {
    const definition = this.#definition(chaincode);
    if (definition === undefined && chaincode !== LIFECYCLE) return undefined; // That one is part of every peer.
    const owner = ownerOfImplicit(collection);
    if (owner !== undefined) return this.#mspIds.includes(owner) ? implicitCollection(collection, owner) : undefined;
    return definition?.collections.find(({ name }) => name === collection);
  }

  /** Whether a subject is a member of the collection; nobody is of one that does not exist. @throws CommitError */
  isMember(chaincode: string, collection: string, subject: PolicySubject | undefined): boolean {
    if (subject === undefined) return false;
    const found = this.find(chaincode, collection);
    return found !== undefined && compilePolicy(found.memberPolicy).isSatisfiedBy([subject]);
  }

  /** Whether a client may read what a peer holds of the collection: only `memberOnlyRead` keeps others out. @throws CommitError */
  mayRead(chaincode: string, collection: string, reader: PolicySubject): boolean {
    const found = this.find(chaincode, collection);
    return found?.memberOnlyRead === false || this.isMember(chaincode, collection, reader);
  }

  #definition(chaincode: string): ChaincodeDefinition | undefined {
    if (!this.#definitions.has(chaincode)) this.#definitions.set(chaincode, this.#definitionOf(this.#state, chaincode));
    return this.#definitions.get(chaincode);
  }
}

/** Peers of the owner keep it; anybody may read what a peer of the owner holds, and write. */
function implicitCollection(name: string, owner: string): Collection {
  return {
    name,
    memberPolicy: parsePolicyText(`OR('${owner}.member')`),
    requiredPeerCount: 0,
    maximumPeerCount: 0,
    blockToLive: 0n,
    memberOnlyRead: false,
    memberOnlyWrite: false,
    endorsementPolicy: undefined,
  };
}
