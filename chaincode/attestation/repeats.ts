import { type Actor } from '../../domain/actor.js';
import { type StepFacts } from '../../domain/attestation-record.js';
import { type StepRequest } from '../../domain/attestation-steps.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { contentOf } from './step-rules.js';

/** What the chain adds to a step beside who and when. */
const ADDED: readonly string[] = ['by', 'requestId', 'txId', 'txTime'];

/**
 * Pure. Whether a step was taken by this very request of this very caller, so that it is a retry (requirement R08).
 * @param derived members of the step that the contract worked out. @throws REQUEST_REUSED for other content
 */
export function isStepRepeat(
  step: StepFacts | undefined,
  wanted: StepRequest,
  actor: Actor,
  derived: readonly string[] = [],
): boolean {
  if (step === undefined || step.requestId !== wanted.requestId || !isSameCaller(step.by, actor)) return false;
  const asked = Object.entries(step).filter(([name]) => !ADDED.includes(name) && !derived.includes(name));
  checkSame(Object.fromEntries(asked), contentOf(wanted));
  return true;
}

/** Pure. @throws REQUEST_REUSED where the same request id stood for something else */
export function checkSame(stored: object, wanted: object): void {
  if (canonicalJson(stored) !== canonicalJson(wanted)) throw new DomainError('REQUEST_REUSED');
}

/** Pure. Whether two actors are the same post of the same unit. */
export function isSameCaller(a: Actor, b: Actor): boolean {
  return a.mspId === b.mspId && a.unit === b.unit && a.name === b.name;
}
