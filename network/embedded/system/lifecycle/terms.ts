import { peer } from '@hyperledger/fabric-protos';
import { readCollections } from '../../commit/definitions.js';
import { Fields } from '../../wire/protobuf-reader.js';
import { Writer } from '../../wire/protobuf-writer.js';
import { sameBytes } from '../../wire/utf8-order.js';
import { SystemRefusal } from '../system-chaincode.js';
import { type LifecycleRecord, NAMESPACES, readField, type RecordState, stateData } from './records.js';

const reservedNames = ['cscc', 'escc', 'lscc', 'qscc', 'vscc'];

/** What organisations agree on about a chaincode. Bytes are as in the messages of `peer/lifecycle/lifecycle.proto`. */
export interface Terms {
  readonly sequence: bigint;
  readonly name: string;
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  /** peer.ApplicationPolicy bytes. */
  readonly validationParameter: Uint8Array;
  /** peer.CollectionConfigPackage bytes. */
  readonly collections: Uint8Array;
  readonly initRequired: boolean;
}

/**
 * Reads the arguments that approving, checking and committing have in common, with Fabric's own plugins and the
 * channel's own policy where none is named. Source: core/chaincode/lifecycle/lifecycle.go, SetChaincodeDefinitionDefaults.
 */
export function readTerms(args: Fields): Terms {
  const policyOfChannel = new Writer().field(2, '/Channel/Application/Endorsement').bytes();
  const parameter = args.bytes(6);
  return {
    sequence: args.uint64(1),
    name: args.text(2),
    version: args.text(3),
    endorsementPlugin: args.text(4) || 'escc',
    validationPlugin: args.text(5) || 'vscc',
    validationParameter: parameter.length === 0 ? policyOfChannel : parameter,
    collections: args.message(7) ?? new Uint8Array(0),
    initRequired: args.flag(8),
  };
}

/** Terms as one organisation approves them, under the name `<chaincode>#<sequence>`. */
export function parametersOf(terms: Terms): LifecycleRecord {
  const { version, initRequired, endorsementPlugin, validationPlugin, validationParameter, collections } = terms;
  const endorsement = new Writer().field(1, version).field(2, initRequired).field(3, endorsementPlugin).bytes();
  const validation = new Writer().field(1, validationPlugin).field(2, validationParameter).bytes();
  return {
    datatype: 'ChaincodeParameters',
    fields: new Map([
      ['EndorsementInfo', stateData.bytes(endorsement)],
      ['ValidationInfo', stateData.bytes(validation)],
      ['Collections', stateData.bytes(collections)],
    ]),
  };
}

/** Terms as the channel commits them. */
export function definitionOf(terms: Terms): LifecycleRecord {
  const { fields } = parametersOf(terms);
  return {
    datatype: 'ChaincodeDefinition',
    fields: new Map([['Sequence', stateData.int64(terms.sequence)], ...fields]),
  };
}

/** Reads stored terms. @param name of the record: a chaincode's, or `<chaincode>#<sequence>` for an approval. */
export function readStoredTerms(state: RecordState, name: string, sequence?: bigint): Terms {
  const stated = sequence ?? sequenceOf(state, name);
  const endorsement = new Fields(readField(state, NAMESPACES, name, 'EndorsementInfo').bytes(2));
  const validation = new Fields(readField(state, NAMESPACES, name, 'ValidationInfo').bytes(2));
  return {
    sequence: stated,
    name: name.replace(/#\d+$/, ''),
    version: endorsement.text(1),
    initRequired: endorsement.flag(2),
    endorsementPlugin: endorsement.text(3),
    validationPlugin: validation.text(1),
    validationParameter: validation.bytes(2),
    collections: readField(state, NAMESPACES, name, 'Collections').bytes(2),
  };
}

/** Sequence of the committed definition; 0 before the first. */
export function sequenceOf(state: RecordState, chaincode: string): bigint {
  return readField(state, NAMESPACES, chaincode, 'Sequence').uint64(1);
}

/** Why two sets of terms are not the same, in Fabric's words. Source: lifecycle.go, ChaincodeParameters.Equal. */
export function differenceOf(expected: Terms, passed: Terms): string | undefined {
  const plain = [
    ['Version', expected.version, passed.version],
    ['EndorsementPlugin', expected.endorsementPlugin, passed.endorsementPlugin],
    ['InitRequired', String(expected.initRequired), String(passed.initRequired)],
    ['ValidationPlugin', expected.validationPlugin, passed.validationPlugin],
    ['ValidationParameter', hexOf(expected.validationParameter), hexOf(passed.validationParameter)],
  ] as const;
  const different = plain.find(([, before, now]) => before !== now);
  if (different !== undefined) {
    const [what, before, now] = different;
    return `expected ${what} '${before}' does not match passed ${what} '${now}'`;
  }
  return sameBytes(expected.collections, passed.collections) ? undefined : 'Collections do not match';
}

/** @throws SystemRefusal. Source: core/chaincode/lifecycle/scc.go, validateInput and validateCollectionConfigs. */
export function checkTerms({ name, version, collections }: Terms): void {
  const invalid = 'error validating chaincode definition: ';
  if (!/^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/.test(name)) {
    const rule = "Names can only consist of alphanumerics, '_', and '-' and can only begin with alphanumerics";
    throw new SystemRefusal(`${invalid}invalid chaincode name '${name}'. ${rule}`);
  }
  if (reservedNames.includes(name)) {
    throw new SystemRefusal(`${invalid}chaincode name '${name}' is the name of a system chaincode`);
  }
  if (!/^[A-Za-z0-9_.+-]+$/.test(version)) {
    const rule = "Versions can only consist of alphanumerics, '_', '-', '+', and '.'";
    throw new SystemRefusal(`${invalid}invalid chaincode version '${version}'. ${rule}`);
  }
  const seen = new Set<string>();
  for (const collection of readCollections(collections)) {
    const why = faultOf(collection, seen);
    if (why !== undefined) throw new SystemRefusal(`${invalid}${why}`);
    seen.add(collection.name);
  }
}

function faultOf(
  { name, requiredPeerCount, maximumPeerCount }: ReturnType<typeof readCollections>[number],
  seen: ReadonlySet<string>,
): string | undefined {
  if (!/^[A-Za-z0-9-]+([A-Za-z0-9_-]+)*$/.test(name)) {
    const rule = "Names can only consist of alphanumerics, '_', and '-' and cannot begin with '_'";
    return `invalid collection name '${name}'. ${rule}`;
  }
  const about = `collection-name: ${name} -- `;
  if (seen.has(name)) return `${about}found duplicate in collection configuration`;
  if (maximumPeerCount < requiredPeerCount) {
    const than = `cannot be less than the required peer count (${requiredPeerCount})`;
    return `${about}maximum peer count (${maximumPeerCount}) ${than}`;
  }
  return requiredPeerCount < 0
    ? `${about}requiredPeerCount (${requiredPeerCount}) cannot be less than zero`
    : undefined;
}

/** The members that answers about a definition have in common. */
interface TermsMessage {
  setSequence(value: number): void;
  setVersion(value: string): void;
  setEndorsementPlugin(value: string): void;
  setValidationPlugin(value: string): void;
  setValidationParameter(value: Uint8Array): void;
  setCollections(value: peer.CollectionConfigPackage): void;
  setInitRequired(value: boolean): void;
}

/** Fills an answer; its collections are there even when they are empty, as Go has them. */
export function fillTerms(message: TermsMessage, terms: Terms): void {
  message.setSequence(Number(terms.sequence));
  message.setVersion(terms.version);
  message.setEndorsementPlugin(terms.endorsementPlugin);
  message.setValidationPlugin(terms.validationPlugin);
  message.setValidationParameter(terms.validationParameter);
  message.setCollections(peer.CollectionConfigPackage.deserializeBinary(terms.collections));
  message.setInitRequired(terms.initRequired);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
