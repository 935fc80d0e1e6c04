import {
  type AnswerPayload,
  type AttestationPayload,
  parseAnswerPayload,
  parseReasonPayload,
  type PayloadReading,
} from '../../domain/attestation-payload.js';
import { type Attestation } from '../../domain/attestation-record.js';
import {
  parseAcceptRequest,
  parseAnswerRequest,
  parseCloseRequest,
  parseObjectAttestationRequest,
  parsePreviewRequest,
  parsePurgeRequest,
  parseRefuseRequest,
  parseResolveRequest,
  parseUseRequest,
  parseWithdrawRequest,
  type StepRequest,
} from '../../domain/attestation-steps.js';
import { type AttestationWrite } from '../attestations.js';

/** One step of an attestation as a route. */
export interface StepRoute {
  readonly name: AttestationWrite;
  /** Below `/v1/attestations/:id`. */
  readonly path: string;
  readonly parse: (value: unknown) => StepRequest;
  /** Reads the body's `payload`; steps without it take none. */
  readonly parsePayload?: (value: unknown) => AttestationPayload;
}

/** Every step after the request. Paths end in the word that the command line uses. */
export const STEP_ROUTES: readonly StepRoute[] = [
  { name: 'attestation:answer', path: '/answer', parse: parseAnswerRequest, parsePayload: parseAnswerPayload },
  { name: 'attestation:refuse', path: '/refuse', parse: parseRefuseRequest, parsePayload: parseReasonPayload },
  { name: 'attestation:preview', path: '/preview', parse: parsePreviewRequest },
  { name: 'attestation:accept', path: '/accept', parse: parseAcceptRequest },
  { name: 'attestation:use', path: '/use', parse: parseUseRequest },
  { name: 'attestation:close', path: '/close', parse: parseCloseRequest },
  { name: 'attestation:withdraw', path: '/withdraw', parse: parseWithdrawRequest },
  { name: 'attestation:purge', path: '/purge', parse: parsePurgeRequest },
  { name: 'attestation-objection:file', path: '/objections', parse: parseObjectAttestationRequest },
  { name: 'attestation-objection:resolve', path: '/objections/:oid/resolution', parse: parseResolveRequest },
];

/** Whether values are to be put into the own organisation's private data before the answer: where the holder is asked. */
export function needsDeposit(name: AttestationWrite, { basis }: Attestation): boolean {
  return name === 'attestation:answer' && basis === 'consent';
}

/** The values that a release hands over, as the own peer holds them; `undefined` where none are told. */
export function toldValues(readings: readonly PayloadReading[]): AnswerPayload | undefined {
  const payload = readings.find(({ part, verdict }) => part === 'answer' && verdict === 'INTACT')?.payload;
  return payload?.schema === 'attestation-answer/1' ? payload : undefined;
}
