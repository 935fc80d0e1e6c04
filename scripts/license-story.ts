import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Caller, openCaller } from '../cli/caller.js';
import {
  createHolderFile,
  digestOfValue,
  type HolderFile,
  readHolderFile,
  saltValue,
  signStatement,
} from '../cli/license/holder-file.js';
import { type Json, readObject, readText, textOf } from '../cli/rest-answers.js';
import { callGateway } from '../cli/rest-client.js';
import { saltText } from '../cli/salt.js';
import { addDays, dayAt } from '../domain/calendar.js';
import { DomainError } from '../domain/errors.js';
import { parseEntryId, parseRequestId } from '../domain/ids.js';
import { type SaltedValues } from '../domain/license-fields.js';
import {
  formatLicenseId,
  type LicenseId,
  parseIssuerCode,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../domain/license-id.js';
import { parseAuthorityUnit } from '../domain/license-type.js';
import { PRESENTATION_MS_MAX } from '../domain/license-use.js';
import { Narrator } from './narrator.js';
import { type Stage, type StoryResult } from './stories.js';

/** 政务服务事项基本编码 of the matter that the story is about, invented. */
const MATTER = '000131012000';

/** What happened on the chain, in order. */
interface Steps {
  readonly ids: string[];
  readonly txIds: string[];
  readonly blocks: (string | number)[];
}

/**
 * Fifth story: Guangdong issues a business licence, its holder shows it in Beijing once, the second use is refused,
 * Guangdong suspends it, and a question as of yesterday still answers 有效.
 */
export async function tellLicense({ folder, gateways, write }: Stage): Promise<StoryResult> {
  const narrator = new Narrator(write);
  narrator.title('五、电子证照：颁发、亮证、暂扣', '5. A licence: issued, shown once, suspended');
  const issuer = await openCaller(folder, 'issuer@guangdong', 'issuer');
  const officer = await openCaller(folder, 'officer@beijing', 'officer');
  const anyone = gateways.find(({ mspId }) => mspId === 'BeijingMSP')?.url ?? '';
  const steps: Steps = { ids: [], txIds: [], blocks: [] };
  const { id, holder, values } = await issue(issuer, narrator, steps);
  await present({ officer, anyone, id, holder, values }, narrator, steps);
  const decision = { operation: '03', documentDigest: saltText('粤市监罚〔2026〕1号').digest };
  note(steps, await post(issuer, `/v1/licenses/${id}/operations`, decision));
  const status = async (asOf = ''): Promise<Json> => {
    const path = `/v1/licenses/${id}/status${asOf === '' ? '' : `?asOf=${asOf}`}`;
    return (await callGateway(anyone, { method: 'GET', path })).body;
  };
  const now = await status();
  narrator.check(now.verdict === 'SUSPENDED', `广东暂扣该证照：${wordOf(now)}`, 'Guangdong suspends it: suspended.');
  const before = await status(addDays(dayAt(Date.now()), -1));
  narrator.check(before.verdict === 'VALID', `问昨天是否有效：${wordOf(before)}`, 'As of yesterday it still is valid.');
  const { checks } = narrator;
  return { name: 'license', ok: checks.every(({ ok }) => ok), ...steps, checks };
}

async function issue(issuer: Caller, narrator: Narrator, steps: Steps) {
  const { mspId, unit } = issuer.user;
  const typeCode = parseLicenseTypeCode(`${unit ?? ''}001`);
  const names = ['certificateNumber', 'holderName', 'legalRepresentative'];
  const type = {
    ...{ typeCode, kind: 'business-license', authorities: [{ mspId, unit }], scope: { kind: 'national' } },
    fields: Object.fromEntries(names.map((name) => [name, 'private'])),
  };
  await post(issuer, '/v1/license-types', type);
  const holder = makeHolder();
  const serial = parseLicenseSerial(String(Date.now()));
  const id = formatLicenseId({ typeCode, issuerCode: parseIssuerCode(unit), serial, version: 1 });
  const texts = { certificateNumber: `粤${serial}`, holderName: '岭南示例贸易有限公司', legalRepresentative: '王小示' };
  const values = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, saltValue(text)]));
  const fields = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digestOfValue(value)]));
  const face = { validFrom: addDays(dayAt(Date.now()), -365), fields };
  const issued = await post(issuer, '/v1/licenses', { licenseId: id, face, holder: { key: holder.key } });
  note(steps, issued);
  steps.ids.push(id);
  await post(issuer, `/v1/licenses/${id}/fields`, { values });
  narrator.say(
    '广东市场监管机关颁发营业执照：链上只有加盐摘要，照面内容在本机构私有数据和持证人手中。',
    'Guangdong issues a business licence: the chain has salted digests; values stay with the issuer and the holder.',
  );
  narrator.show([
    ['证照标识 id', id],
    ['交易 tx', readText(issued.txId, 'txId')],
  ]);
  narrator.check(issued.code === 'VALID', '证照已上链。', 'The licence is on the chain.');
  return { id, holder: holder.file, values };
}

/** What the second act of the story works with. */
interface Showing {
  readonly officer: Caller;
  readonly anyone: string;
  readonly id: LicenseId;
  readonly holder: HolderFile;
  readonly values: SaltedValues;
}

async function present(
  { officer, anyone, id, holder, values }: Showing,
  narrator: Narrator,
  steps: Steps,
): Promise<void> {
  const { mspId, unit } = officer.user;
  const nowMs = Date.now();
  const later = (milliseconds: number) => new Date(nowMs + milliseconds).toISOString();
  const signed = signStatement(holder, {
    kind: 'license.grant',
    licenseId: id,
    verifier: parseAuthorityUnit({ mspId, unit }, 'verifier'),
    matterCode: MATTER,
    purpose: 'government-service',
    purposeDigest: saltText('在北京办理跨省迁移登记').digest,
    fields: ['holderName'],
    notBefore: later(-60_000),
    notAfter: later(3_600_000),
    maxUses: 1,
    mode: 'present',
    nonce: parseRequestId(randomUUID()),
  });
  const granted = await callGateway(anyone, { method: 'POST', path: `/v1/licenses/${id}/grants`, body: signed });
  const grantId = parseEntryId('LG', readObject(granted.body.stored, 'stored').id);
  const use = () => {
    const notAfter = new Date(Date.now() + PRESENTATION_MS_MAX - 5_000).toISOString();
    const nonce = parseRequestId(randomUUID());
    const presentation = signStatement(holder, { kind: 'license.present', licenseId: id, grantId, notAfter, nonce });
    return post(officer, `/v1/licenses/${id}/presentations`, { grantId, matterCode: MATTER, presentation });
  };
  const shown = await use();
  note(steps, shown);
  const digest = readObject(readObject(shown.stored, 'stored').fields, 'fields').holderName;
  const name = values.holderName;
  const fits = name !== undefined && digestOfValue(name) === digest;
  narrator.check(
    fits,
    `持证人在北京亮证一次，窗口核对：${name?.value ?? ''}，与链上摘要一致。`,
    'Shown in Beijing once; the value fits its digest on the chain.',
  );
  const second = await use().then(
    () => 'VALID',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
  narrator.check(second === 'GRANT_EXHAUSTED', `第二次用证被拒：${second}。`, 'The second use is refused.');
}

function makeHolder() {
  const folder = mkdtempSync(join(tmpdir(), 'yinzheng-holder-'));
  try {
    const path = join(folder, 'holder.json');
    return { key: createHolderFile(path), file: readHolderFile(path) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function post(caller: Caller, path: string, body: object): Promise<Json> {
  return (await caller.call({ method: 'POST', path, idempotencyKey: randomUUID(), body })).body;
}

function note({ txIds, blocks }: Steps, body: Json): void {
  const { txId, blockNumber } = readPlace(body);
  txIds.push(txId);
  blocks.push(blockNumber);
}

function readPlace(body: Json): { readonly txId: string; readonly blockNumber: number } {
  return { txId: readText(body.txId, 'txId'), blockNumber: Number(body.blockNumber) };
}

function wordOf(body: Json): string {
  return textOf(readObject(body.wording, 'wording').zh);
}
