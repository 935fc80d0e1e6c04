import { peer } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../../config/channel-config.js';
import { SystemRefusal } from '../system-chaincode.js';
import { type LifecycleCall, type LifecycleState } from './lifecycle-state.js';
import { differences, NAMESPACES, readDescription, writeRecord } from './records.js';
import {
  checkTerms,
  definitionOf,
  fillTerms,
  parametersOf,
  readStoredTerms,
  readTerms,
  sequenceOf,
  type Terms,
} from './terms.js';

/** A committed definition and who has approved exactly that. Source: Fabric scc.go, QueryChaincodeDefinition. */
export function queryDefinition({ args, state, channel }: LifecycleCall): Uint8Array {
  const name = args.text(1);
  if (readDescription(state.definitions, NAMESPACES, name) === undefined) {
    throw new SystemRefusal(`namespace ${name} is not defined`, 404);
  }
  const terms = readStoredTerms(state.definitions, name);
  const result = new peer.lifecycle.QueryChaincodeDefinitionResult();
  fillTerms(result, terms);
  for (const [mspId, different] of differencesByMember(state, channel, terms)) {
    result.getApprovalsMap().set(mspId, different.length === 0);
  }
  return result.serializeBinary();
}

/** Every committed definition, in the order of their names. Source: scc.go, QueryChaincodeDefinitions. */
export async function queryDefinitions({ state }: LifecycleCall): Promise<Uint8Array> {
  const result = new peer.lifecycle.QueryChaincodeDefinitionsResult();
  for (const name of await state.definedNames()) {
    const definition = new peer.lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition();
    definition.setName(name);
    fillTerms(definition, readStoredTerms(state.definitions, name));
    result.addChaincodeDefinitions(definition);
  }
  return result.serializeBinary();
}

/** Who has approved what would be committed next, and in what the others differ. Source: scc.go, CheckCommitReadiness. */
export function checkReadiness({ args, state, channel }: LifecycleCall): Uint8Array {
  const result = new peer.lifecycle.CheckCommitReadinessResult();
  for (const [mspId, different] of readiness(state, channel, readTerms(args))) {
    result.getApprovalsMap().set(mspId, different.length === 0);
    if (different.length === 0) continue;
    const mismatches = new peer.lifecycle.CheckCommitReadinessResult.Mismatches();
    mismatches.setItemsList([...different]);
    result.getMismatchesMap().set(mspId, mismatches);
  }
  return result.serializeBinary();
}

/** Writes the definition that the peer's own organisation has approved. Source: scc.go, CommitChaincodeDefinition. */
export function commitDefinition({ args, state, channel, mspId }: LifecycleCall): Uint8Array {
  const terms = readTerms(args);
  checkTerms(terms);
  state.readDeployed(terms.name);
  const byMember = readiness(state, channel, terms);
  writeRecord(state.definitions, NAMESPACES, terms.name, definitionOf(terms));
  if (byMember.get(mspId)?.length !== 0) {
    throw new SystemRefusal(`chaincode definition not agreed to by this org (${mspId})`);
  }
  return new peer.lifecycle.CommitChaincodeDefinitionResult().serializeBinary();
}

function readiness(state: LifecycleState, channel: ChannelConfig, terms: Terms): ReadonlyMap<string, string[]> {
  const next = sequenceOf(state.definitions, terms.name) + 1n;
  if (terms.sequence !== next) {
    throw new SystemRefusal(`requested sequence is ${terms.sequence}, but new definition must be sequence ${next}`);
  }
  return differencesByMember(state, channel, terms);
}

function differencesByMember(
  state: LifecycleState,
  { applicationMspIds }: ChannelConfig,
  terms: Terms,
): ReadonlyMap<string, string[]> {
  const record = parametersOf(terms);
  const name = `${terms.name}#${terms.sequence}`;
  return new Map(
    applicationMspIds.map((mspId) => [mspId, differences(state.approvalHashesOf(mspId), NAMESPACES, name, record)]),
  );
}
