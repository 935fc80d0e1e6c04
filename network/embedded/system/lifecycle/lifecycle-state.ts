import { LEGACY_LIFECYCLE, LIFECYCLE } from '../../commit/definitions.js';
import { type ChannelConfig } from '../../config/channel-config.js';
import { type Simulator } from '../../endorse/simulator.js';
import { type StateSnapshot } from '../../ledger/state-snapshot.js';
import { type Fields } from '../../wire/protobuf-reader.js';
import { descriptionKey, type HashState, NAMESPACES, readDescription, type RecordState } from './records.js';
import { readStoredTerms } from './terms.js';

/** The state of `_lifecycle` as one transaction sees it: public, and each organisation's own collection. */
export class LifecycleState {
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** Committed definitions. */
  get definitions(): RecordState {
    return {
      get: (key) => this.#simulator.get(LIFECYCLE, key)?.value,
      put: (key, value) => {
        this.#simulator.put(LIFECYCLE, key, value);
      },
    };
  }

  /** An organisation's approvals in plain text, which only its own peers hold. */
  approvalsOf(mspId: string): RecordState {
    const collection = approvalCollection(mspId);
    return {
      get: (key) => this.#simulator.getPrivate(LIFECYCLE, collection, key),
      put: (key, value) => {
        this.#simulator.putPrivate(LIFECYCLE, collection, key, value);
      },
    };
  }

  /** What every peer knows of an organisation's approvals. */
  approvalHashesOf(mspId: string): HashState {
    return (key) => this.#simulator.getPrivateHash(LIFECYCLE, approvalCollection(mspId), key)?.value;
  }

  /**
   * Looks for a deployed chaincode as a Fabric peer does before it takes new terms: here, else where chaincodes were
   * defined before Fabric 2. The answer is in the reads. Source: core/chaincode/lifecycle/deployedcc_infoprovider.go.
   */
  readDeployed(chaincode: string): void {
    if (readDescription(this.definitions, NAMESPACES, chaincode) === undefined) {
      this.#simulator.get(LEGACY_LIFECYCLE, chaincode);
    } else readStoredTerms(this.definitions, chaincode);
  }

  /** Names of all that is defined, in the order of their bytes. */
  definedNames(): Promise<string[]> {
    return definedNames(this.#simulator);
  }
}

/** Names of all that is defined in a state, in the order of their bytes. */
export async function definedNames(state: Pick<Simulator, 'range'> | Pick<StateSnapshot, 'range'>): Promise<string[]> {
  const prefix = descriptionKey(NAMESPACES, '');
  const names: string[] = [];
  for await (const { key } of state.range(LIFECYCLE, prefix, `${prefix}\u007f`)) names.push(key.slice(prefix.length));
  return names;
}

/** Every organisation has a collection of this name. Source: core/chaincode/implicitcollection/name.go. */
export function approvalCollection(mspId: string): string {
  return `_implicit_org_${mspId}`;
}

/** One call on a channel. */
export interface LifecycleCall {
  readonly args: Fields;
  readonly state: LifecycleState;
  readonly channel: ChannelConfig;
  /** Whose peer this is. */
  readonly mspId: string;
}
