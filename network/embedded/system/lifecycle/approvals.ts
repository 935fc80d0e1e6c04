import { peer } from '@hyperledger/fabric-protos';
import { Fields } from '../../wire/protobuf-reader.js';
import { SystemRefusal } from '../system-chaincode.js';
import { type LifecycleCall } from './lifecycle-state.js';
import {
  NAMESPACES,
  readDescription,
  readField,
  type RecordState,
  SOURCES,
  stateData,
  writeRecord,
} from './records.js';
import {
  checkTerms,
  differenceOf,
  fillTerms,
  parametersOf,
  readStoredTerms,
  readTerms,
  sequenceOf,
  type Terms,
} from './terms.js';

/**
 * Writes the organisation's approval into its own collection: of the next definition, or of the one in force.
 * Source: Fabric core/chaincode/lifecycle/lifecycle.go, ApproveChaincodeDefinitionForOrg.
 */
export function approve({ args, state, mspId }: LifecycleCall): Uint8Array {
  const terms = readTerms(args);
  checkTerms(terms);
  state.readDeployed(terms.name);
  const packageId = packageIn(args);
  const own = state.approvalsOf(mspId);
  checkSequence(state.definitions, terms);
  const privateName = `${terms.name}#${terms.sequence}`;
  if (isApproved(own, privateName, terms, packageId)) {
    const current = sequenceOf(state.definitions, terms.name);
    throw new SystemRefusal(
      current === terms.sequence
        ? `attempted to redefine the current committed sequence (${current}) for namespace ${terms.name}`
        : `attempted to redefine uncommitted sequence (${terms.sequence}) for namespace ${terms.name} with unchanged content`,
    );
  }
  writeRecord(own, NAMESPACES, privateName, parametersOf(terms));
  const fields = new Map([['PackageID', stateData.text(packageId)]]);
  writeRecord(own, SOURCES, privateName, { datatype: 'ChaincodeLocalPackage', fields });
  return new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgResult().serializeBinary();
}

/**
 * What the peer's own organisation has approved. @param call with sequence 0 for the newest.
 * Source: lifecycle.go, QueryApprovedChaincodeDefinition.
 */
export function queryApproved({ args, state, channel, mspId }: LifecycleCall): Uint8Array {
  const name = args.text(1);
  const own = state.approvalsOf(mspId);
  const sequence = args.uint64(2) || newestOf(own, name, sequenceOf(state.definitions, name));
  const privateName = `${name}#${sequence}`;
  if (readDescription(own, NAMESPACES, privateName) === undefined) {
    const what = `(name: '${name}', sequence: '${sequence}') on channel '${channel.channelId}'`;
    throw new SystemRefusal(`could not fetch approved chaincode definition ${what}`);
  }
  const result = new peer.lifecycle.QueryApprovedChaincodeDefinitionResult();
  fillTerms(result, readStoredTerms(own, privateName, sequence));
  result.setSource(encodeSource(packageOf(own, privateName)));
  return result.serializeBinary();
}

function newestOf(own: RecordState, name: string, current: bigint): bigint {
  const next = current + 1n;
  return readDescription(own, NAMESPACES, `${name}#${next}`) === undefined ? current : next;
}

function checkSequence(definitions: RecordState, terms: Terms): void {
  const { name, sequence } = terms;
  const current = sequenceOf(definitions, name);
  if (sequence === 0n && current === 0n) {
    throw new SystemRefusal('requested sequence is 0, but first definable sequence number is 1');
  }
  if (sequence < current) {
    throw new SystemRefusal(`currently defined sequence ${current} is larger than requested sequence ${sequence}`);
  }
  if (sequence > current + 1n) {
    throw new SystemRefusal(
      `requested sequence ${sequence} is larger than the next available sequence number ${current + 1n}`,
    );
  }
  const why = sequence === current ? differenceOf(readStoredTerms(definitions, name), terms) : undefined;
  if (why !== undefined) {
    throw new SystemRefusal(
      `attempted to redefine the current committed sequence (${current}) for namespace ${name} with different parameters: ${why}`,
    );
  }
}

function isApproved(own: RecordState, privateName: string, terms: Terms, packageId: string): boolean {
  if (readDescription(own, NAMESPACES, privateName) === undefined) return false;
  if (differenceOf(readStoredTerms(own, privateName, terms.sequence), terms) !== undefined) return false;
  return readDescription(own, SOURCES, privateName) !== undefined && packageOf(own, privateName) === packageId;
}

/** Package id in an approval's arguments; empty where the organisation runs none. */
function packageIn(args: Fields): string {
  const local = new Fields(args.message(9) ?? new Uint8Array(0)).message(2);
  return local === undefined ? '' : new Fields(local).text(1);
}

/** The package that an organisation approved for a definition; empty where there is none. @param own its approvals */
export function approvedPackage(own: Pick<RecordState, 'get'>, name: string, sequence: bigint): string {
  return packageOf(own, `${name}#${sequence}`);
}

function packageOf(own: Pick<RecordState, 'get'>, privateName: string): string {
  return readField(own, SOURCES, privateName, 'PackageID').text(3);
}

function encodeSource(packageId: string): peer.lifecycle.ChaincodeSource {
  const source = new peer.lifecycle.ChaincodeSource();
  if (packageId === '') source.setUnavailable(new peer.lifecycle.ChaincodeSource.Unavailable());
  else {
    const local = new peer.lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    source.setLocalPackage(local);
  }
  return source;
}
