import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';

import { publicPointOf, signText } from '../cli/attest/holder-key.js';
import { type Caller, openCaller } from '../cli/caller.js';
import { type Json, readObject, readText, textOf } from '../cli/rest-answers.js';
import { saltText } from '../cli/salt.js';
import { DomainError } from '../domain/errors.js';
import { Narrator } from './narrator.js';
import { type Stage, type StoryResult } from './stories.js';

/** 事项编码, invented: the matter that the question is for, and another one. */
const MATTER = '000120013000';
const OTHER_MATTER = '000120013001';
const ITEM_ID = 'ZJ-LICENCE-STATUS';
const DAY_MS = 86_400_000;

/** What happened on the chain, in order. */
interface Steps {
  readonly txIds: string[];
  readonly blocks: (string | number)[];
}

/**
 * Sixth story: Beijing asks Zhejiang to attest a licence, the holder releases the answer, both regions sign, Beijing
 * uses it once, and a second use for another matter is refused.
 */
export async function tellAttestation({ folder, write }: Stage): Promise<StoryResult> {
  const narrator = new Narrator(write);
  narrator.title('六、跨省核验：北京问，浙江答', '6. Beijing asks, Zhejiang attests');
  const steps: Steps = { txIds: [], blocks: [] };
  const admin = await openCaller(folder, 'admin@zhejiang', 'admin');
  const beijing = await openCaller(folder, 'officer@beijing', 'officer');
  const zhejiang = await openCaller(folder, 'officer@zhejiang', 'officer');
  await post(admin, '/v1/catalogue', itemOf(zhejiang));
  const { privateKey: holder } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asked = note(steps, await post(beijing, '/v1/attestations', questionOf(publicPointOf(holder))));
  const id = readText(asked.id, 'id');
  narrator.say(
    '北京窗口向浙江申请核验一张许可证；当事人信息只在两地机构的私有数据中，链上只有加盐哈希。',
    'Beijing asks Zhejiang about a licence; whom it concerns is private data of the two, the chain has a digest.',
  );
  narrator.show([
    ['核验编号 id', id],
    ['时限 due', textOf(asked.dueAt)],
  ]);
  const answered = note(steps, await post(zhejiang, `/v1/attestations/${id}/answer`, answerNow()));
  const { body: preview } = await zhejiang.call({ method: 'GET', path: `/v1/attestations/${id}/preview` });
  const signature = signText(holder, readText(readObject(preview.sign, 'sign').released, 'sign'));
  const decision = { decision: 'released', digest: readText(preview.digest, 'digest'), signature };
  note(steps, await post(zhejiang, `/v1/attestations/${id}/preview`, decision));
  narrator.check(
    answered.state === 'ATTESTED',
    '浙江答复：有效；持证人预览后同意。',
    'Zhejiang: valid; the holder agrees.',
  );
  const digest = readText(preview.digest, 'digest');
  const accepted = note(steps, await post(beijing, `/v1/attestations/${id}/accept`, { digest }));
  narrator.check(
    accepted.state === 'ACCEPTED',
    '北京会签：两地签署同一哈希值，核验出具。',
    'Beijing countersigns: both signed one digest.',
  );
  const use = (matter: string) =>
    post(beijing, `/v1/attestations/${id}/use`, { matter, decisionReference: saltText('京海许 2026-7').digest });
  const used = note(steps, await use(MATTER));
  narrator.check(used.state === 'USED', '用于所申请的事项，一次。', 'Used once, for the matter that was asked for.');
  const second = await use(OTHER_MATTER).then(
    () => 'VALID',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
  narrator.check(
    second === 'ATTESTATION_MATTER',
    `用于另一事项被拒：${second}。`,
    'A second use, for another matter, is refused.',
  );
  const { checks } = narrator;
  return { name: 'attestation', ok: checks.every(({ ok }) => ok), ids: [id], ...steps, checks };
}

function itemOf({ user }: Caller): object {
  return {
    itemId: ITEM_ID,
    unit: user.unit,
    shareability: 'conditional',
    legalBasis: 'SC716-11',
    fields: ['status', 'validUntil'],
    matters: [MATTER],
    bases: ['consent'],
    answerDays: 5,
    escalateDays: 2,
  };
}

function questionOf(holderKey: string): object {
  return {
    item: { mspId: 'ZhejiangMSP', itemId: ITEM_ID },
    matter: MATTER,
    purpose: 'licensing',
    legalBasis: 'SC716-10',
    basis: 'consent',
    holderKey,
    fields: ['status'],
    commitment: true,
    payload: {
      schema: 'attestation-subject/1',
      salt: randomBytes(32).toString('hex'),
      numberType: '001',
      number: '91330200MA2EXAMPLE',
      name: '甬江示例食品有限公司',
      purpose: '在北京办理食品经营许可',
    },
  };
}

function answerNow(): object {
  return {
    answer: 'VALID',
    asOf: new Date(Date.now() - 60_000).toISOString(),
    sourceSystem: 'ZJ-LICENCE',
    validUntil: new Date(Date.now() + 30 * DAY_MS).toISOString(),
    evidenceDigest: saltText('浙江许可系统查询结果').digest,
  };
}

async function post(caller: Caller, path: string, body: object): Promise<Json> {
  return (await caller.call({ method: 'POST', path, idempotencyKey: randomUUID(), body })).body;
}

/** Writes down where a step stands on the chain. @returns the attestation as it stands after it. */
function note({ txIds, blocks }: Steps, body: Json): Json {
  txIds.push(readText(body.txId, 'txId'));
  blocks.push(Number(body.blockNumber));
  return readObject(body.attestation, 'attestation');
}
