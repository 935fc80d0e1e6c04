import { NAMESPACES, writeRecord } from '../../../../network/embedded/system/lifecycle/records.js';
import { definitionOf } from '../../../../network/embedded/system/lifecycle/terms.js';
import type { KvWrite } from '../../../../network/embedded/wire/rwset.js';

/** What a test says about a chaincode; the plugins are Fabric's built-in ones. */
export interface DefinedChaincode {
  readonly name: string;
  readonly version: string;
  readonly sequence: bigint;
  /** peer.ApplicationPolicy bytes. */
  readonly endorsementPolicy: Uint8Array;
  /** peer.CollectionConfigPackage bytes. */
  readonly collectionConfig?: Uint8Array;
}

/** The writes of a first definition, sorted by key as in a transaction. */
export function definitionWrites(chaincode: DefinedChaincode): KvWrite[] {
  const { name, endorsementPolicy, collectionConfig = new Uint8Array(0) } = chaincode;
  const writes: KvWrite[] = [];
  const state = {
    get: () => undefined,
    put: (key: string, value: Uint8Array) => {
      writes.push({ key, isDelete: false, value });
    },
  };
  const record = definitionOf({
    ...chaincode,
    endorsementPlugin: 'escc',
    validationPlugin: 'vscc',
    validationParameter: endorsementPolicy,
    collections: collectionConfig,
    initRequired: false,
  });
  writeRecord(state, NAMESPACES, name, record);
  return writes.sort((a, b) => (a.key < b.key ? -1 : 1));
}
