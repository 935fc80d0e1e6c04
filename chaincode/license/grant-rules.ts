import { type Actor } from '../../domain/actor.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type EntryId, idFromDigest } from '../../domain/ids.js';
import { type FieldName, isInScope, type LicenseType } from '../../domain/license-type.js';
import {
  type ConsentBy,
  type Grant,
  type GrantStatement,
  type LicenseUse,
  PRESENTATION_MS_MAX,
  type Revocation,
  type Signed,
  type TrailEntry,
  type UseRequest,
} from '../../domain/license-use.js';
import { type LicenseFace } from '../../domain/license.js';
import { type TxFacts, type TxStamp } from '../ledger-context.js';
import { faceActOf, type LicenseHistory, standingOf } from './history.js';
import { digestOfStatement } from './holder-signature.js';
import { DELIVERY_MS } from './limits.js';
import { isUnit } from './type-rules.js';

/** The id of a grant follows from its statement, so the same one again is the same grant, whatever its signature. */
export function grantIdOf(statement: GrantStatement): EntryId {
  return idFromDigest('LG', digestOfStatement(statement));
}

/** Pure. @throws LICENSE_FIELDS for a field that the licence lacks, GRANT_PERIOD where it would be over already */
export function makeGrant(
  history: LicenseHistory,
  signed: Signed<GrantStatement>,
  consentBy: ConsentBy,
  stamp: TxStamp,
): Grant {
  const { statement } = signed;
  const face = faceOf(history, history.head.version);
  const strays = statement.fields.filter((name) => !(name in face.fields));
  if (strays.length > 0) throw new DomainError('LICENSE_FIELDS', { where: 'fields', strays: strays.length });
  if (statement.notAfter < stamp.txTime) throw new DomainError('GRANT_PERIOD');
  return {
    schema: 'license-grant/1',
    id: grantIdOf(statement),
    licenseKey: history.key,
    consentBy,
    ...signed,
    ...stamp,
  };
}

/** What one use is decided from, beside the request. */
export interface UseFacts extends TxFacts {
  readonly id: EntryId;
  readonly type: LicenseType;
  readonly history: LicenseHistory;
  readonly grant: Grant | undefined;
  readonly revoked: boolean;
  /** Uses that were consumed already. */
  readonly usesCount: number;
  /** Whether the code that is shown was used before. */
  readonly codeUsed: boolean;
}

/**
 * Pure. One use, where the grant allows it; the signature of a code was checked before.
 * @throws GRANT_NOT_FOUND, GRANT_MISMATCH, GRANT_REVOKED, GRANT_PERIOD, GRANT_EXHAUSTED, CODE_REQUIRED, CODE_EXPIRED,
 * CODE_USED, LICENSE_SCOPE, LICENSE_STATE
 */
export function consumeUse(wanted: UseRequest, facts: UseFacts): LicenseUse {
  const { id, type, history, usesCount, actor, txId, txTime } = facts;
  const { statement, id: grantId } = checkGrant(facts.grant, facts.revoked, actor, txTime);
  if (statement.matterCode !== wanted.matterCode) throw new DomainError('GRANT_MISMATCH', { where: 'matterCode' });
  checkCode(wanted, statement, facts);
  if (!isInScope(type.scope, actor.region)) throw new DomainError('LICENSE_SCOPE');
  const standing = standingOf(history, Date.parse(txTime));
  if (standing?.status !== '01') throw new DomainError('LICENSE_STATE', { status: standing?.status ?? 'none' });
  if (usesCount >= statement.maxUses) throw new DomainError('GRANT_EXHAUSTED', { usesMax: statement.maxUses });
  return {
    schema: 'license-use/1',
    id,
    licenseKey: history.key,
    grantId,
    request: wanted,
    sequence: usesCount + 1,
    verifier: actor,
    shown: standing.licenseId,
    fields: pick(faceOf(history, standing.version), statement.fields),
    txId,
    txTime,
  };
}

/** The grant, where it is this caller's, in force and not taken back. */
function checkGrant(grant: Grant | undefined, revoked: boolean, actor: Actor, txTime: string): Grant {
  if (grant === undefined) throw new DomainError('GRANT_NOT_FOUND');
  const { verifier, notBefore, notAfter } = grant.statement;
  if (!isUnit(verifier, actor)) throw new DomainError('GRANT_MISMATCH', { where: 'verifier' });
  if (revoked) throw new DomainError('GRANT_REVOKED');
  if (txTime < notBefore || txTime > notAfter) throw new DomainError('GRANT_PERIOD');
  return grant;
}

function checkCode({ presentation, grantId, licenseId }: UseRequest, { mode }: GrantStatement, facts: UseFacts): void {
  if (presentation === undefined) {
    if (mode === 'present') throw new DomainError('CODE_REQUIRED');
    return;
  }
  const { statement } = presentation;
  if (statement.grantId !== grantId || statement.licenseId !== licenseId) {
    throw new DomainError('GRANT_MISMATCH', { where: 'presentation' });
  }
  if (facts.codeUsed) throw new DomainError('CODE_USED');
  const leftMs = Date.parse(statement.notAfter) - Date.parse(facts.txTime);
  if (leftMs < 0 || leftMs > PRESENTATION_MS_MAX) throw new DomainError('CODE_EXPIRED');
}

/**
 * Pure. Whether the caller may still fetch what a use showed: the verifier's unit, for a short while, and not after
 * the grant was taken back. @throws GRANT_NOT_FOUND, GRANT_MISMATCH, GRANT_REVOKED, GRANT_PERIOD
 */
export function checkDelivery(use: LicenseUse | undefined, revoked: boolean, { actor, txTime }: TxFacts): LicenseUse {
  if (use === undefined) throw new DomainError('GRANT_NOT_FOUND', { where: 'use' });
  const { mspId, unit } = use.verifier;
  if (mspId !== actor.mspId || unit !== actor.unit) throw new DomainError('GRANT_MISMATCH', { where: 'verifier' });
  if (revoked) throw new DomainError('GRANT_REVOKED');
  if (Date.parse(txTime) - Date.parse(use.txTime) > DELIVERY_MS) throw new DomainError('GRANT_PERIOD');
  return use;
}

/** Pure. One grant's lines of the trail. */
export function trailOf(grant: Grant, revocation: Revocation | undefined, uses: readonly LicenseUse[]): TrailEntry[] {
  const { verifier: receiver, matterCode, purpose, fields } = grant.statement;
  const common = { grantId: grant.id, receiver, matterCode, purpose, fields };
  const line = (action: TrailEntry['action'], outcome: string, { txId, txTime }: TxStamp): TrailEntry => {
    return { action, ...common, outcome, txId, txTime };
  };
  return [
    line('grant', 'granted', grant),
    ...(revocation === undefined ? [] : [line('revoke', 'revoked', revocation)]),
    ...uses.map((use) => ({ ...line('use', 'shown', use), by: use.verifier.name })),
  ];
}

/** Pure. Newest first; equal times by transaction, only so that every peer gives the same order. */
export function newestFirst<Line extends TxStamp>(trail: readonly Line[]): Line[] {
  return [...trail].sort((a, b) => compare(b.txTime, a.txTime) || compare(a.txId, b.txId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a === b ? 0 : 1;
}

function faceOf({ acts }: LicenseHistory, version: number): LicenseFace {
  const { face } = faceActOf(acts, version).request;
  if (face === undefined) throw new Error('the act that made a version has no face');
  return face;
}

function pick(face: LicenseFace, names: readonly FieldName[]): Readonly<Record<FieldName, DigestHex>> {
  const entries = names.flatMap((name) => {
    const digest = face.fields[name];
    return digest === undefined ? [] : [[name, digest] as const];
  });
  return Object.fromEntries(entries);
}
