import { type Scenario } from './scenario.js';
import { accessScenarios } from './scenarios/access.js';
import { batchScenarios } from './scenarios/batches.js';
import { blockScenarios } from './scenarios/blocks.js';
import { callScenarios } from './scenarios/calls.js';
import { conflictScenarios } from './scenarios/conflicts.js';
import { errorScenarios } from './scenarios/errors.js';
import { eventScenarios } from './scenarios/events.js';
import { failureScenarios } from './scenarios/failures.js';
import { offlineSigningScenarios } from './scenarios/offline-signing.js';
import { policyScenarios } from './scenarios/policies.js';
import { privateDataScenarios } from './scenarios/private-data.js';
import { refusalScenarios } from './scenarios/refusals.js';
import { stateScenarios } from './scenarios/state.js';
import { systemScenarios } from './scenarios/system.js';

/**
 * Everything that a network must show to an unmodified Fabric client, in one list that runs on every kind of network.
 * Wanted of it: the default consortium and the chaincode `probe` (test/support/probe) under its policy, any 2 of 4.
 */
export const scenarios: readonly Scenario[] = [
  ...callScenarios,
  ...errorScenarios,
  ...refusalScenarios,
  ...conflictScenarios,
  ...policyScenarios,
  ...stateScenarios,
  ...privateDataScenarios,
  ...batchScenarios,
  ...eventScenarios,
  ...blockScenarios,
  ...offlineSigningScenarios,
  ...systemScenarios,
  ...accessScenarios,
  ...failureScenarios,
];
