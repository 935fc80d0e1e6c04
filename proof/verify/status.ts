import { type AttestedAnswer, type AttestedRecord, GOOD_STANDINGS, type Standing } from '../../domain/attestation.js';
import { type AttestationPolicy } from '../trust/trust-root.js';
import { CheckFailed, demand, type FindingDetails } from './finding.js';

/**
 * Step `status`: how the record stood on the date asked for, and how old the answer is for that date.
 * @param attestedMs Unix milliseconds of the attestation. @param asOfMs the date asked for; the attestation's without one.
 * @throws CheckFailed
 */
export function checkStatus(
  answer: AttestedAnswer,
  attestedMs: number,
  asOfMs: number | undefined,
  { standingAgeMsMax }: AttestationPolicy,
): { proved: Standing; details: FindingDetails } {
  if (!answer.found) throw new CheckFailed('SKIPPED', 'ABSENT');
  const atMs = asOfMs ?? attestedMs;
  const details = {
    standing: answer.standing,
    asOf: new Date(atMs).toISOString(),
    attested: new Date(attestedMs).toISOString(),
    ageMs: atMs - attestedMs,
  };
  demand(atMs >= Date.parse(answer.recordedAt), 'NOT_YET_RECORDED', details);
  if (atMs - attestedMs > standingAgeMsMax) throw new CheckFailed('ERROR', 'STANDING_STALE', details);
  demand(answer.validUntil === undefined || atMs < Date.parse(answer.validUntil), 'TERM_ENDED', details);
  demandStanding(answer, atMs, details);
  return { proved: answer.standing, details };
}

function demandStanding({ standing, standingSince }: AttestedRecord, atMs: number, details: FindingDetails): void {
  if (GOOD_STANDINGS.includes(standing)) return;
  if (standingSince !== undefined && atMs < Date.parse(standingSince)) {
    throw new CheckFailed('ERROR', 'STANDING_EARLIER_UNKNOWN', details);
  }
  throw new CheckFailed('INVALID', `STANDING_${standing as Exclude<Standing, 'MATCH' | 'VALID'>}`, details);
}
