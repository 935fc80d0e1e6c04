import { Fields } from '../wire/protobuf-reader.js';
import { sameVersion, type Version } from '../wire/rwset.js';
import { CommitError } from './commit-error.js';
import type { StateView } from './state-view.js';

/** The namespace that holds chaincode definitions, and the system chaincode that writes them. */
export const LIFECYCLE = '_lifecycle';
/** Where channels of before Fabric 2 keep definitions. Nothing writes there here; that it is empty is read. */
export const LEGACY_LIFECYCLE = 'lscc';

/** Type and fields of a definition; the stored metadata spells them out. */
const DATATYPE = 'ChaincodeDefinition';
type Field = 'Sequence' | 'EndorsementInfo' | 'ValidationInfo' | 'Collections';

/** One private data collection of a definition (peer.StaticCollectionConfig). */
export interface Collection {
  readonly name: string;
  /** common.SignaturePolicyEnvelope bytes: whose peers hold the plain text. */
  readonly memberPolicy: Uint8Array;
  readonly requiredPeerCount: number;
  readonly maximumPeerCount: number;
  /** Number of blocks after which the plain text is dropped; 0 keeps it. */
  readonly blockToLive: bigint;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  /** peer.ApplicationPolicy bytes, or undefined when the chaincode's own policy applies. */
  readonly endorsementPolicy: Uint8Array | undefined;
}

/**
 * A committed chaincode definition. `endorsementPolicy` is peer.ApplicationPolicy bytes; `collectionConfig` is
 * peer.CollectionConfigPackage bytes, empty when there are no collections, and `collections` is the same read.
 */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly sequence: bigint;
  readonly version: string;
  readonly initRequired: boolean;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  readonly endorsementPolicy: Uint8Array;
  readonly collectionConfig: Uint8Array;
  readonly collections: readonly Collection[];
}

/** Where definitions are read: the public state. */
export type DefinitionView = Pick<StateView, 'get'>;

/**
 * The committed definition of a chaincode, or undefined. @throws {CommitError} DEFINITION_CORRUPT
 * Source: core/chaincode/lifecycle/lifecycle.go, ChaincodeDefinitionIfDefined; serializer.go, Deserialize.
 */
export function readDefinition(view: DefinitionView, name: string): ChaincodeDefinition | undefined {
  const metadata = view.get(LIFECYCLE, metadataKey(name));
  if (!metadata) return undefined;
  try {
    if (new Fields(metadata.value).text(1) !== DATATYPE) throw new Error(`not a ${DATATYPE}`);
    const field = (of: Field): Fields =>
      new Fields(view.get(LIFECYCLE, fieldKey(name, of))?.value ?? new Uint8Array(0));
    const endorsement = new Fields(field('EndorsementInfo').bytes(2));
    const validation = new Fields(field('ValidationInfo').bytes(2));
    const collectionConfig = field('Collections').bytes(2);
    return {
      name,
      sequence: field('Sequence').uint64(1),
      version: endorsement.text(1),
      initRequired: endorsement.flag(2),
      endorsementPlugin: endorsement.text(3),
      validationPlugin: validation.text(1),
      endorsementPolicy: validation.bytes(2),
      collectionConfig,
      collections: readCollections(collectionConfig),
    };
  } catch (cause) {
    throw new CommitError('DEFINITION_CORRUPT', `definition of ${name}`, { cause });
  }
}

/** Finds a chaincode's committed definition: `readDefinition`, or what remembers its answers. */
export type FindDefinition = (view: DefinitionView, name: string) => ChaincodeDefinition | undefined;

/**
 * `readDefinition` for the states of one chain, which reads a definition's parts again only after its sequence was
 * written: every change of a definition writes it, and no two writes of one chain have the same version.
 */
export function rememberDefinitions(): FindDefinition {
  const known = new Map<string, { readonly version: Version; readonly definition: ChaincodeDefinition | undefined }>();
  return (view, name) => {
    const version = view.get(LIFECYCLE, fieldKey(name, 'Sequence'))?.version;
    const before = known.get(name);
    if (version !== undefined && before !== undefined && sameVersion(before.version, version)) return before.definition;
    const definition = readDefinition(view, name);
    if (version !== undefined) known.set(name, { version, definition });
    return definition;
  };
}

/** Collections of peer.CollectionConfigPackage bytes. @throws {WireError} BAD_BYTES */
export function readCollections(collectionConfig: Uint8Array): Collection[] {
  return new Fields(collectionConfig).allBytes(1).flatMap((bytes) => {
    const config = new Fields(bytes).message(1);
    return config ? [readCollection(new Fields(config))] : [];
  });
}

function metadataKey(name: string): string {
  return `namespaces/metadata/${name}`;
}

function fieldKey(name: string, field: string): string {
  return `namespaces/fields/${name}/${field}`;
}

function readCollection(config: Fields): Collection {
  return {
    name: config.text(1),
    memberPolicy: new Fields(config.message(2) ?? new Uint8Array(0)).message(1) ?? new Uint8Array(0),
    requiredPeerCount: config.int32(3),
    maximumPeerCount: config.int32(4),
    blockToLive: config.uint64(5),
    memberOnlyRead: config.flag(6),
    memberOnlyWrite: config.flag(7),
    endorsementPolicy: config.message(8),
  };
}
