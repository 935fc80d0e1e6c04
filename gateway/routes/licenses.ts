import { type Request, type RequestHandler, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { readFields as readMembers } from '../../domain/fields.js';
import {
  parseCompareRequest,
  parseDeliveryRequest,
  parseEnrolRequest,
  parseFieldsRequest,
  parseSaltedValues,
} from '../../domain/license-fields.js';
import { type LicenseId, parseLicenseId, parseLicenseTypeCode } from '../../domain/license-id.js';
import { parseRefuseRenewalRequest } from '../../domain/license-renewal.js';
import { parseDefineTypeRequest } from '../../domain/license-type.js';
import { parseUseRequest } from '../../domain/license-use.js';
import { CONTENT_WORDING, LICENSE_STATUS_NAMES, licenseWording } from '../../domain/license-wording.js';
import { parseIssueRequest, parseOperateRequest } from '../../domain/license.js';
import { type RequestId } from '../../domain/ids.js';
import { callerOf, type Operation } from '../auth/gate.js';
import {
  askStatus,
  compareFields,
  deliverFields,
  getLicenseType,
  keepFields,
  type LicenseWrite,
  readFields,
  readLicenseHistory,
  type StoredLicense,
  writeLicense,
} from '../licenses.js';
import { type GatewayParts } from '../parts.js';
import { readBody, readRequest, sourceOf } from './request.js';

/** One write as a route. */
interface WriteRoute {
  readonly path: string;
  readonly parse: (value: unknown) => { readonly requestId: RequestId };
  /** Path parameters by the request member that each one is. */
  readonly members: Readonly<Record<string, string>>;
}

const BY_ID = { licenseId: 'id' } as const;

const WRITES: Readonly<Record<LicenseWrite, WriteRoute>> = {
  'license:defineType': { path: '/v1/license-types', parse: parseDefineTypeRequest, members: {} },
  'license:issue': { path: '/v1/licenses', parse: parseIssueRequest, members: {} },
  'license:operate': { path: '/v1/licenses/:id/operations', parse: parseOperateRequest, members: BY_ID },
  'license:refuseRenewal': {
    path: '/v1/licenses/:id/renewal/refusal',
    parse: parseRefuseRenewalRequest,
    members: BY_ID,
  },
  'licenseFields:purge': { path: '/v1/licenses/:id/fields/purge', parse: parseFieldsRequest, members: BY_ID },
  'licenseFields:enrol': { path: '/v1/licenses/:id/holder', parse: parseEnrolRequest, members: BY_ID },
  'holder:use': { path: '/v1/licenses/:id/presentations', parse: parseUseRequest, members: BY_ID },
};

/**
 * Licences for authorities, verifiers and the public: `/v1/licenses`, `/v1/license-types`. What holders do stands in
 * `holders.ts`. @param publicly what stands before routes that anyone may call.
 */
export function licenseRoutes(
  parts: GatewayParts,
  admit: (operation: Operation) => RequestHandler[],
  publicly: readonly RequestHandler[],
): Router {
  const router = Router();
  for (const name of Object.keys(WRITES) as LicenseWrite[]) {
    router.post(WRITES[name].path, ...admit(name), write(parts, name));
  }
  addFields(router, parts, admit);
  addQuestions(router, parts, publicly);
  return router.get('/v1/licenses/:id/history', ...admit('license:history'), async (request, response) => {
    const id = readId(request);
    response.json({ licenseId: id, acts: await readLicenseHistory(parts.ledger, callerOf(request).user, id) });
  });
}

/** Private values: in the body of the authority's own request, never in an argument of a transaction. */
function addFields(
  router: Router,
  { ledger, config }: GatewayParts,
  admit: (name: Operation) => RequestHandler[],
): void {
  router.post('/v1/licenses/:id/fields', ...admit('licenseFields:keep'), async (request, response) => {
    const { values, ...rest } = readBody(request);
    const wanted = readRequest('licenseFields:keep', { ...sourceOf(request, BY_ID), body: rest }, parseFieldsRequest);
    const caller = { user: callerOf(request).user, mspId: config.mspId };
    const stored = await keepFields(ledger, caller, wanted, parseSaltedValues(values));
    response.status(201).json(show(stored, config.channel));
  });
  router.get('/v1/licenses/:id/fields', ...admit('licenseFields:read'), async (request, response) => {
    const id = readId(request);
    response.json({ licenseId: id, values: await readFields(ledger, callerOf(request).user, id) });
  });
  const values = '/v1/licenses/:id/grants/:gid/uses/:sequence/values';
  router.get(values, ...admit('holder:deliver'), async (request, response) => {
    const { gid, sequence } = request.params;
    const wanted = parseDeliveryRequest({ licenseId: readId(request), grantId: gid, sequence: Number(sequence) });
    response.json({ values: await deliverFields(ledger, callerOf(request).user, wanted) });
  });
}

/** For anyone: no personal data, no grant. */
function addQuestions(router: Router, parts: GatewayParts, publicly: readonly RequestHandler[]): void {
  const { ledger, config } = parts;
  router.get('/v1/licenses/:id/status', ...publicly, async (request, response) => {
    const { asOf = '' } = readMembers(request.query, ['asOf'], 'query');
    if (typeof asOf !== 'string') throw new DomainError('REQUEST_MALFORMED', { where: 'asOf', wanted: 'one day' });
    response.json(await answerStatus(parts, readId(request), asOf));
  });
  router.post('/v1/licenses/:id/integrity', ...publicly, async (request, response) => {
    const wanted = parseCompareRequest({ ...readBody(request), licenseId: readId(request) });
    const result = await compareFields(ledger, config.serviceUser, wanted);
    response.json({ ...result, contentWording: CONTENT_WORDING[result.content] });
  });
  router.get('/v1/license-types/:code', ...publicly, async (request, response) => {
    const typeCode = parseLicenseTypeCode(request.params.code);
    const { found, ...type } = await getLicenseType(ledger, config.serviceUser, typeCode);
    if (!found) throw new DomainError('LICENSE_TYPE_NOT_FOUND', { typeCode });
    response.json({ type });
  });
}

/** An outage is a verdict too, so the problem carries it as a member. */
async function answerStatus({ ledger, config }: GatewayParts, id: LicenseId, asOf: string): Promise<object> {
  try {
    const result = await askStatus(ledger, config.serviceUser, id, asOf);
    const wording = licenseWording(result.verdict);
    if (!result.found) return { ...result, wording };
    const statusName = result.status === undefined ? {} : { statusName: LICENSE_STATUS_NAMES[result.status] };
    return { ...result, wording, ...statusName, contentWording: CONTENT_WORDING[result.content] };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'UNVERIFIABLE_NOW') throw error;
    throw new DomainError(error.code, { ...error.details, verdict: error.code }, { cause: error });
  }
}

function write({ ledger, config }: GatewayParts, name: LicenseWrite): RequestHandler {
  const { parse, members } = WRITES[name];
  return async (request, response) => {
    const wanted = readRequest(name, sourceOf(request, members), parse);
    const stored = await writeLicense(ledger, callerOf(request).user, name, wanted);
    response.status(stored.fresh ? 201 : 200).json(show(stored, config.channel));
  };
}

/** What a write answers with: what was stored, and where. */
export function show({ value, txId, blockNumber }: StoredLicense, channel: string): object {
  return { stored: value, txId, blockNumber, code: 'VALID', channel };
}

/** The licence that a path names. @throws ID_MALFORMED */
export function readId(request: Request): LicenseId {
  return parseLicenseId(request.params.id, { legacy: true });
}
