import { type EntryId, parseEntryId, parseRequestId } from '../../../../../domain/ids.js';
import { type SaltedValues } from '../../../../../domain/license-fields.js';
import {
  type GrantStatement,
  PRESENTATION_MS_MAX,
  type PresentStatement,
  type Signed,
} from '../../../../../domain/license-use.js';
import { type GrantWritten, type RenewalWritten, type Trail } from '../../../../../gateway/openapi/types.js';
import { toBase64Url } from '../../../../../proof/format/compact.js';
import { utf8 } from '../../../../../proof/bytes.js';
import { callJson, pathOf } from '../../../api/client.js';
import { Problem } from '../../../api/problem.js';
import { type Issued } from './held-card.js';
import { signStatement } from './holder-key.js';

/** What a code loses of its longest life, milliseconds: clocks of peers may be a little ahead. */
const MARGIN_MS = 5_000;

/** Records a grant; the same signed statement again is the same grant. @returns its id. @throws {Problem} */
export async function sendGrant(signed: Signed<GrantStatement>): Promise<EntryId> {
  const { stored } = await callJson<GrantWritten>({
    method: 'POST',
    path: pathOf('licenses', signed.statement.licenseId, 'grants'),
    body: signed,
  });
  try {
    return parseEntryId('LG', stored.id);
  } catch (cause) {
    throw new Problem('REPLY_MALFORMED', {}, { cause });
  }
}

/** Takes a grant back; again is the same. @throws {Problem} */
export async function revokeGrant(licence: Issued, grantId: string): Promise<void> {
  const { licenseId } = licence;
  const statement = { kind: 'license.revoke', licenseId, grantId: parseEntryId('LG', grantId) } as const;
  await callJson({
    method: 'POST',
    path: pathOf('licenses', licenseId, 'grants', grantId, 'revocation'),
    body: await signStatement(licence, statement),
  });
}

/** Asks for renewal (延续申请); again is the same. @throws {Problem} */
export async function askRenewal(licence: Issued): Promise<void> {
  const { licenseId } = licence;
  await callJson<RenewalWritten>({
    method: 'POST',
    path: pathOf('licenses', licenseId, 'renewal'),
    body: await signStatement(licence, { kind: 'license.renew', licenseId }),
  });
}

/** One line of a holder's trail: of the licence, or of another region's question about it. */
export type TrailEntry = Trail['trail'][number];

/** Who looked, when, for what matter. @param before the `older` of a page: asks for the one after it. @throws {Problem} */
export async function askTrail(licence: Issued, nowMs: number, before?: string): Promise<Trail> {
  const { licenseId } = licence;
  const notAfter = new Date(nowMs + PRESENTATION_MS_MAX - MARGIN_MS).toISOString();
  const signed = await signStatement(licence, {
    ...{ kind: 'license.trail', licenseId, notAfter },
    ...(before !== undefined && { before }),
  } as const);
  return callJson<Trail>({
    path: '/v1/citizens/me/trail',
    authorization: `Holder ${toBase64Url(utf8(JSON.stringify(signed)))}`,
  });
}

/** What the receiver is handed: what `yinzheng license use` reads. */
export interface Handed {
  readonly licenseId: string;
  readonly grantId: string;
  readonly matterCode: string;
  readonly values: SaltedValues;
  readonly presentation?: Signed<PresentStatement>;
}

/** A fresh code for one use of a grant, and until when it is good, Unix milliseconds. */
export async function makeCode(
  licence: Issued,
  grant: { readonly id: string; readonly statement: GrantStatement },
  nowMs: number,
): Promise<{ readonly handed: Handed; readonly untilMs: number }> {
  const { licenseId, values } = licence;
  const { matterCode, fields } = grant.statement;
  const untilMs = nowMs + PRESENTATION_MS_MAX - MARGIN_MS;
  const presentation = await signStatement(licence, {
    kind: 'license.present',
    licenseId,
    grantId: parseEntryId('LG', grant.id),
    notAfter: new Date(untilMs).toISOString(),
    nonce: parseRequestId(crypto.randomUUID()),
  });
  const shown = Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)));
  return { handed: { licenseId, grantId: grant.id, matterCode, values: shown, presentation }, untilMs };
}
