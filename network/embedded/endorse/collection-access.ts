import { type CollectionRules } from '../commit/collection-rules.js';
import { type Identity } from '../msp/identity.js';

/** What the creator of a proposal may do with a collection. */
interface Permission {
  readonly read: boolean;
  readonly write: boolean;
}

/**
 * Whether the creator of a proposal may read and write collections: members always, others unless the collection says
 * otherwise. It is asked of the client's organisation, whatever peer runs the proposal.
 * Source: Fabric core/chaincode/handler.go, errorIfCreatorHasNoReadPermission; core/common/privdata/store.go.
 */
export class CollectionAccess {
  readonly #channelId: string;
  readonly #rules: CollectionRules;
  readonly #creator: Identity;

  constructor(channelId: string, rules: CollectionRules, creator: Identity) {
    this.#channelId = channelId;
    this.#rules = rules;
    this.#creator = creator;
  }

  /** @throws Error with Fabric's text, also for a collection that does not exist */
  checkRead(chaincode: string, collection: string): void {
    if (!this.#permission(chaincode, collection).read) refuse('read', chaincode, collection);
  }

  /** @throws Error as `checkRead` */
  checkWrite(chaincode: string, collection: string): void {
    if (!this.#permission(chaincode, collection).write) refuse('write', chaincode, collection);
  }

  #permission(chaincode: string, collection: string): Permission {
    const found = this.#rules.find(chaincode, collection);
    if (found === undefined) {
      throw new Error(`collection ${this.#channelId}/${chaincode}/${collection} could not be found`);
    }
    const { memberOnlyRead, memberOnlyWrite } = found;
    if (!memberOnlyRead && !memberOnlyWrite) return { read: true, write: true };
    if (this.#rules.isMember(chaincode, collection, this.#creator)) return { read: true, write: true };
    return { read: !memberOnlyRead, write: !memberOnlyWrite };
  }
}

function refuse(what: 'read' | 'write', chaincode: string, collection: string): never {
  throw new Error(
    `tx creator does not have ${what} access permission on privatedata in chaincodeName:${chaincode} ` +
      `collectionName: ${collection}`,
  );
}
