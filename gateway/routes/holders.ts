import { type Request, type RequestHandler, Router } from 'express';

import { type MatterTrailStatement, parseSignedMatterTrail } from '../../domain/attestation-trail.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import {
  type HolderStatement,
  parseSignedGrant,
  parseSignedRenewal,
  parseSignedRevocation,
  parseSignedTrail,
  readSigned,
  type Signed,
  type TrailStatement,
} from '../../domain/license-use.js';
import { type HolderWrite, passOn, readTrail } from '../licenses.js';
import { type GatewayParts } from '../parts.js';
import { readId, show } from './licenses.js';
import { readBody } from './request.js';

/** What a holder may send: a statement and its signature. Holders have no token; the contract checks the signature. */
const STATEMENTS: readonly {
  readonly transaction: HolderWrite;
  readonly path: string;
  readonly parse: (value: unknown) => Signed<HolderStatement>;
}[] = [
  { transaction: 'holder:grant', path: '/v1/licenses/:id/grants', parse: parseSignedGrant },
  { transaction: 'holder:revoke', path: '/v1/licenses/:id/grants/:gid/revocation', parse: parseSignedRevocation },
  { transaction: 'holder:requestRenewal', path: '/v1/licenses/:id/renewal', parse: parseSignedRenewal },
];

/** A signed question is longer than a name and shorter than this. */
const AUTHORIZATION_CHARS_MAX = 4_096;

/**
 * What holders do, without a token: grants, revocations, requests to renew, and `GET /v1/citizens/me/trail` with
 * `Authorization: Holder <base64url of the signed statement as JSON>`. @param publicly what stands before them.
 */
export function holderRoutes({ ledger, config }: GatewayParts, publicly: readonly RequestHandler[]): Router {
  const router = Router();
  for (const { transaction, path, parse } of STATEMENTS) {
    router.post(path, ...publicly, async (request, response) => {
      const signed = parse(readBody(request));
      checkPath(request, signed.statement);
      const stored = await passOn(ledger, config.serviceUser, transaction, signed);
      response.status(stored.fresh ? 201 : 200).json(show(stored, config.channel));
    });
  }
  return router.get('/v1/citizens/me/trail', ...publicly, async (request, response) => {
    const signed = parseTrailQuestion(readAuthorization(request));
    const { entries: trail, older } = await readTrail(ledger, config.serviceUser, signed);
    const { statement } = signed;
    const about = 'licenseId' in statement ? { licenseId: statement.licenseId } : { holderKey: statement.holderKey };
    response.json({ ...about, trail, ...optional('older', older) });
  });
}

/** About a licence, or about the attestations that named a key for one matter. @throws REQUEST_MALFORMED, ID_MALFORMED */
function parseTrailQuestion(value: unknown): Signed<TrailStatement | MatterTrailStatement> {
  const { statement } = readSigned(value);
  const isMatter = typeof statement === 'object' && statement !== null && 'holderKey' in statement;
  return isMatter ? parseSignedMatterTrail(value) : parseSignedTrail(value);
}

/** The path names what the statement is about, lest a log line and the ledger tell different things. @throws REQUEST_MALFORMED */
function checkPath(request: Request, statement: HolderStatement): void {
  const { gid } = request.params;
  const sameGrant = gid === undefined || ('grantId' in statement && statement.grantId === gid);
  if (sameGrant && 'licenseId' in statement && statement.licenseId === readId(request)) return;
  throw new DomainError('REQUEST_MALFORMED', { where: 'statement', wanted: 'the licence and grant of the path' });
}

/** @returns parsed JSON. @throws UNAUTHENTICATED */
function readAuthorization(request: Request): unknown {
  const header = request.get('authorization') ?? '';
  const text = /^Holder ([A-Za-z0-9_-]+)$/.exec(header)?.[1];
  const wanted = 'Authorization: Holder, and a signed statement in base64url';
  if (text === undefined || header.length > AUTHORIZATION_CHARS_MAX)
    throw new DomainError('UNAUTHENTICATED', { wanted });
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    throw new DomainError('UNAUTHENTICATED', { wanted });
  }
}
