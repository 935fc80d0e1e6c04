import { createHash } from 'node:crypto';

import { type Request, type RequestHandler, type Response, Router } from 'express';

import { parseDigestHex, parseHashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceView } from '../../domain/evidence-view.js';
import { readFields, readWordOr } from '../../domain/fields.js';
import { type EvidenceId, parseEvidenceId } from '../../domain/ids.js';
import { decodeReceipt, receiptToJson } from '../../proof/format/codec.js';
import { RECEIPT_MEDIA_TYPE } from '../../proof/format/receipt.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { parseStatedFile } from '../certificate/certificates.js';
import { findStored, getEvidence } from '../evidence.js';
import { type GatewayParts } from '../parts.js';
import { type ReceiptGrade } from '../receipts/receipt-store.js';
import { type Receipts } from '../receipts/receipts.js';

const PDF = 'application/pdf';
/** What is sent where the caller does not mind comes first. */
const FORMS = [RECEIPT_MEDIA_TYPE, 'application/json', PDF];
const GRADES: readonly ReceiptGrade[] = ['standard', 'audit'];

/**
 * `GET /v1/receipts/:id` the receipt of a record, the same bytes for ever, and its certificate for who asks for PDF;
 * `POST /v1/receipts/:id/certificates` another issue of that; `POST /v1/receipts` how a record or digest
 * stands now, present or absent, for anyone; `GET /v1/trust-root`. Where this gateway issues none, they are unknown.
 */
export function receiptRoutes(
  parts: GatewayParts,
  admit: (operation: Operation) => RequestHandler[],
  before: readonly RequestHandler[],
): Router {
  const router = Router();
  const { receipts } = parts;
  if (receipts === undefined) return router;
  return router
    .get('/v1/receipts/:id', ...admit('read'), async (request, response) => {
      const grade = readWordOr(request.query.grade, GRADES, 'grade', 'standard');
      const id = parseEvidenceId(request.params.id);
      if (request.accepts(FORMS) === PDF) {
        const view = await requireView(parts, request, id);
        const { actor } = callerOf(request);
        const found = receipts.certificates.find(view, actor) ?? (await receipts.certificates.issue(view, actor, {}));
        sendPdf(response, id, found);
        return;
      }
      const known = receipts.office.store.find(id, grade);
      send(request, response, id, known ?? (await issue(parts, receipts, callerOf(request).user, id, grade)));
    })
    .post('/v1/receipts/:id/certificates', ...admit('read'), async (request, response) => {
      const id = parseEvidenceId(request.params.id);
      const stated = parseStatedFile(request.body);
      const view = await requireView(parts, request, id);
      response.status(201);
      sendPdf(response, id, await receipts.certificates.issue(view, callerOf(request).actor, stated));
    })
    .post('/v1/receipts', ...before, async (request, response) => {
      const fields = readFields(request.body, ['id', 'alg', 'digest'], 'body');
      if (fields.id === undefined) {
        const algorithm = parseHashAlgorithm(fields.alg);
        const digest = parseDigestHex(algorithm, fields.digest);
        send(request, response, digest, await receipts.office.attestDigest(algorithm, digest));
        return;
      }
      const id = parseEvidenceId(fields.id);
      const stored = await findStored(parts.ledger, parts.config.serviceUser, id);
      const { office } = receipts;
      send(request, response, id, await (stored === undefined ? office.attestAbsence(id) : office.attestNow(stored)));
    })
    .get('/v1/trust-root', ...before, async (_request, response) => {
      const bytes = await receipts.trustRoot();
      const sha256 = createHash('sha256').update(bytes).digest('base64');
      response.set('Repr-Digest', `sha-256=:${sha256}:`).type('application/json').send(Buffer.from(bytes));
    });
}

async function issue(
  { ledger }: GatewayParts,
  { office }: Receipts,
  user: string,
  id: EvidenceId,
  grade: ReceiptGrade,
): Promise<Uint8Array> {
  const stored = await findStored(ledger, user, id);
  if (stored === undefined) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
  return office.issue(stored, grade);
}

/** @throws EVIDENCE_NOT_FOUND, also for a batch: certificates are about single records */
async function requireView({ ledger }: GatewayParts, request: Request, id: EvidenceId): Promise<EvidenceView> {
  const { found, ...view } = await getEvidence(ledger, callerOf(request).user, id);
  if (!found) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
  return view as EvidenceView;
}

function sendPdf(response: Response, id: EvidenceId, bytes: Uint8Array): void {
  response.set('Vary', 'Accept').set('Content-Disposition', `attachment; filename="${id}.pdf"`);
  response.type(PDF).send(Buffer.from(bytes));
}

/** `.yz` bytes, or the JSON view for who asks for JSON and not for receipts. */
function send(request: Request, response: Response, name: string, bytes: Uint8Array): void {
  response.set('Vary', 'Accept');
  if (request.accepts(FORMS) === 'application/json') {
    response.json(receiptToJson(decodeReceipt(bytes)));
    return;
  }
  response.set('Content-Disposition', `attachment; filename="${name}.yz"`);
  response.type(RECEIPT_MEDIA_TYPE).send(Buffer.from(bytes));
}
