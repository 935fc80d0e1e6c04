import { type Request, type RequestHandler, type Response, Router } from 'express';

import { parseAttestationRequest } from '../../domain/attestation-request.js';
import { type AttestationPayload, parseSubjectPayload, type PayloadReading } from '../../domain/attestation-payload.js';
import { type Attestation, type AttestationHistoryEntry, previewText } from '../../domain/attestation-record.js';
import { parseDepositRequest, type StepRequest } from '../../domain/attestation-steps.js';
import { type PreviewDecision } from '../../domain/attestation-words.js';
import { PAYLOAD_WORDING, stateWording } from '../../domain/attestation-wording.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { parseAttestationId } from '../../domain/ids.js';
import { digestOfPayload, getAttestation, partiesOf, type StoredObject, writeAttestation } from '../attestations.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { listAttestations } from './attestation-list.js';
import { needsDeposit, STEP_ROUTES, type StepRoute, toldValues } from './attestation-steps.js';
import { readRequest, sourceOf } from './request.js';

type Admit = (operation: Operation) => RequestHandler[];

const BY_IDS = { attestationId: 'id', objectionId: 'oid' } as const;

/**
 * Cross-region attestations: `/v1/attestations`. A body's `payload` is private: it goes as transient data to the peers
 * of the two organisations, and neither arguments nor logs hold it.
 */
export function attestationRoutes(parts: GatewayParts, admit: Admit): Router {
  const router = Router();
  router.post('/v1/attestations', ...admit('attestation:request'), async (request, response) => {
    const { body, payload } = splitBody(request, parseSubjectPayload);
    const wanted = readRequest('attestation:request', { ...sourceOf(request, BY_IDS), body }, parseAttestationRequest);
    const { user, actor } = callerOf(request);
    const organisations = [...new Set([actor.mspId, wanted.item.mspId])];
    const call = { user, name: 'attestation:request', request: wanted, organisations, ...payload } as const;
    tell(parts, response, await writeAttestation(parts.ledger, call));
  });
  router.get('/v1/attestations', ...admit('attestation:get'), listAttestations(parts));
  for (const route of STEP_ROUTES) {
    router.post(`/v1/attestations/:id${route.path}`, ...admit(route.name), takeStep(parts, route));
  }
  router.get('/v1/attestations/:id', ...admit('attestation:get'), async (request, response) => {
    const { found: _, ...view } = await getAttestation(parts.ledger, callerOf(request).user, idOf(request));
    const wording = stateWording(view.record.state, view.timing);
    response.json({ ...view, wording } satisfies Answers['getAttestation']);
  });
  router.get('/v1/attestations/:id/history', ...admit('attestation:get'), async (request, response) => {
    const { user } = callerOf(request);
    const args = [idOf(request)];
    const answer = await parts.ledger.evaluate({ user, transaction: 'attestation:history', args });
    const acts = JSON.parse(answer) as AttestationHistoryEntry[];
    response.json({ id: idOf(request), acts } satisfies Answers['attestationHistory']);
  });
  router.get('/v1/attestations/:id/payloads', ...admit('attestation:payloads'), async (request, response) => {
    const readings = await readPayloads(parts, callerOf(request).user, idOf(request));
    const payloads = readings.map((reading) => ({ ...reading, wording: PAYLOAD_WORDING[reading.verdict] }));
    response.json({ id: idOf(request), payloads } satisfies Answers['readPayloads']);
  });
  router.get('/v1/attestations/:id/preview', ...admit('attestation:preview'), async (request, response) => {
    response.json(await showPreview(parts, callerOf(request).user, idOf(request)));
  });
  return router;
}

function takeStep(parts: GatewayParts, { name, parse, parsePayload }: StepRoute): RequestHandler {
  return async (request, response) => {
    const { user } = callerOf(request);
    const { body, payload } = splitBody(request, parsePayload);
    const wanted = readRequest(name, { ...sourceOf(request, BY_IDS), body }, parse);
    const { record } = await getAttestation(parts.ledger, user, wanted.attestationId);
    const organisations = partiesOf(record);
    const call = { user, name, request: wanted, organisations };
    if (payload.payload !== undefined && needsDeposit(name, record)) {
      await deposit(parts, user, record, wanted, payload.payload);
      tell(parts, response, await writeAttestation(parts.ledger, call));
    } else {
      const values = name === 'attestation:preview' ? await releasedValues(parts, user, record, wanted) : payload;
      tell(parts, response, await writeAttestation(parts.ledger, { ...call, ...values }));
    }
  };
}

/** Values reach the own organisation first, and nobody else's peer sees the proposal. */
async function deposit(
  { ledger }: GatewayParts,
  user: string,
  { item }: Attestation,
  { requestId, attestationId }: StepRequest,
  payload: AttestationPayload,
): Promise<void> {
  const request = parseDepositRequest({ requestId, attestationId, payloadDigest: digestOfPayload(payload) });
  await writeAttestation(ledger, { user, name: 'attestation:deposit', request, payload, organisations: [item.mspId] });
}

async function releasedValues(
  parts: GatewayParts,
  user: string,
  { answer }: Attestation,
  wanted: StepRequest,
): Promise<{ readonly payload?: AttestationPayload }> {
  const released = 'decision' in wanted && wanted.decision === 'released';
  if (!released || answer?.payloadDigest === undefined) return {};
  const payload = toldValues(await readPayloads(parts, user, wanted.attestationId));
  return payload === undefined ? {} : { payload };
}

/** What the holder is shown: the answer, the values that would go, and the texts of which one is to be signed. */
async function showPreview(parts: GatewayParts, user: string, id: Attestation['id']): Promise<Answers['showPreview']> {
  const { record } = await getAttestation(parts.ledger, user, id);
  const { answer } = record;
  if (answer === undefined) throw new DomainError('ATTESTATION_STATE', { state: record.state, wanted: 'ATTESTED' });
  const { digest } = answer;
  const text = (decision: PreviewDecision) => canonicalJson(previewText({ attestationId: id, decision, digest }));
  const sign = { released: text('released'), rejected: text('rejected') };
  const payload = toldValues(await readPayloads(parts, user, id));
  return { id, answer, digest, sign, ...(payload && { payload }) };
}

async function readPayloads({ ledger }: GatewayParts, user: string, id: string): Promise<readonly PayloadReading[]> {
  const answer = await ledger.evaluate({ user, transaction: 'attestation:payloads', args: [id] });
  return JSON.parse(answer) as PayloadReading[];
}

/** Takes the private part out of a body and puts its digest in. @throws REQUEST_MALFORMED */
function splitBody<Payload extends AttestationPayload>(
  request: Request,
  parsePayload: ((value: unknown) => Payload) | undefined,
): { readonly body: unknown; readonly payload: { readonly payload?: Payload } } {
  const body = request.body as unknown;
  if (parsePayload === undefined || typeof body !== 'object' || body === null) return { body, payload: {} };
  const { payload: given, ...open } = body as Record<string, unknown>;
  if (given === undefined) return { body: open, payload: {} };
  const payload = parsePayload(given);
  const payloadDigest = digestOfPayload(payload);
  if (open.payloadDigest !== undefined && open.payloadDigest !== payloadDigest) {
    throw new DomainError('ATTESTATION_PAYLOAD', { wanted: 'the payload that payloadDigest is the digest of' });
  }
  return { body: { ...open, payloadDigest }, payload: { payload } };
}

function idOf(request: Request): Attestation['id'] {
  return parseAttestationId(request.params.id);
}

/** 201, or 200 where an earlier request had stored it. An objection stands beside its attestation and has its own id. */
function tell({ config }: GatewayParts, response: Response, { value, txId, blockNumber, fresh }: StoredObject): void {
  const isRecord = value.schema === 'cross-attestation/1';
  response
    .status(fresh ? 201 : 200)
    .location(`/v1/attestations/${String(isRecord ? value.id : value.attestationId)}`)
    .json({
      ...(isRecord ? { attestation: value } : { entry: value }),
      txId,
      blockNumber,
      code: 'VALID',
      channel: config.channel,
    });
}
