import { type RequestHandler, Router } from 'express';

import { type EvidenceView } from '../../domain/evidence-view.js';
import { optional, readFields } from '../../domain/fields.js';
import { DomainError } from '../../domain/errors.js';
import { HASH_ALGORITHMS, parseHashAlgorithm } from '../../domain/digests.js';
import { findEvidence, getEvidence } from '../evidence.js';
import { type JudgedReceipt, type Verification } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { type ReceiptJudge } from '../receipts/judgement.js';
import { hashAskedFile, readAskedReceipt } from './verify-bodies.js';
import { answer, type Beside, parseQuestion, type Question } from '../verification.js';

/**
 * Verifying, for anyone: `GET /v1/verify?alg=&digest=&id=`, and `POST /v1/verify` with digests, with a receipt, or,
 * for who cannot hash it, with the file itself. The ledger is read as the gateway's own identity. 200 for every verdict; where the ledger cannot be asked, UNVERIFIABLE_NOW is
 * thrown and answered 503, so that an outage is never "not found" (requirement R14).
 */
export function verifyRoutes(parts: GatewayParts, before: readonly RequestHandler[]): Router {
  return Router()
    .get('/v1/verify', ...before, async (request, response) => {
      const { alg, digest, id } = readFields(request.query, ['alg', 'digest', 'id'], 'query');
      const question = parseQuestion({
        digests: { [parseHashAlgorithm(alg)]: digest },
        ...(id === undefined ? {} : { id }),
      });
      response.json(await verify(parts, question));
    })
    .post('/v1/verify', ...before, async (request, response) => {
      const { limits } = parts.config;
      const receipt = await readAskedReceipt(request, limits);
      if (receipt !== undefined) {
        response.json((await judgeOf(parts).judge(receipt.bytes, receipt.question)) satisfies JudgedReceipt);
        return;
      }
      const digests = await hashAskedFile(request, limits);
      if (digests === undefined) {
        response.json(await verify(parts, parseQuestion(request.body)));
        return;
      }
      const { id } = readFields(request.query, ['id'], 'query');
      const verification = await verify(parts, parseQuestion({ digests, ...optional('id', id) }));
      response.json({ ...verification, digests } satisfies Verification);
    });
}

function judgeOf({ receipts }: GatewayParts): ReceiptJudge {
  if (receipts !== undefined) return receipts.judge;
  throw new DomainError('REQUEST_MALFORMED', { where: 'receipt', wanted: 'a gateway that issues receipts' });
}

/** An outage is a verdict too, so the problem carries it as a member. */
async function verify(parts: GatewayParts, question: Question): Promise<Verification> {
  try {
    return await ask(parts, question);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'UNVERIFIABLE_NOW') throw error;
    throw new DomainError(error.code, { ...error.details, verdict: error.code }, { cause: error });
  }
}

async function ask({ ledger, config, query, receipts }: GatewayParts, question: Question): Promise<Verification> {
  const beside: Beside = {
    placeOf: (txId) => query.placeOf(txId),
    trustedTimeOf: (id) => receipts?.office.trustedTimeOf(id),
  };
  if (question.id !== undefined) {
    const { found, ...view } = await getEvidence(ledger, config.serviceUser, question.id);
    return answer(question, found ? [view as EvidenceView] : [], beside);
  }
  const views = new Map<string, EvidenceView>();
  let complete = true;
  for (const algorithm of HASH_ALGORITHMS) {
    const digest = question.digests[algorithm];
    if (digest === undefined) continue;
    const found = await findEvidence(ledger, config.serviceUser, algorithm, digest);
    for (const view of found.views) views.set(view.record.id, view);
    complete &&= found.complete;
  }
  return answer(question, [...views.values()], beside, complete);
}
