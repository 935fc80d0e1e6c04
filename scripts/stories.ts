import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { openCaller } from '../cli/caller.js';
import { type DataFolder } from '../cli/data-folder.js';
import { type GatewayAddress } from '../cli/gateways.js';
import { hashFile } from '../cli/hash-file.js';
import { keepReceipt, receiptBytes } from '../cli/receipt-files.js';
import { verifyReceiptFile } from '../cli/receipt-report.js';
import {
  type Json,
  readEntry,
  readList,
  readObject,
  readRecorded,
  readVerification,
  textOf,
} from '../cli/rest-answers.js';
import { callGateway } from '../cli/rest-client.js';
import { type HashAlgorithm } from '../domain/digests.js';
import { encodeTrustRoot, parseTrustRoot } from '../proof/trust/parse.js';
import { pollFor } from '../network/manager/poll.js';
import { type Check, Narrator } from './narrator.js';

/** What the stories run on. */
export interface Stage {
  readonly folder: DataFolder;
  readonly gateways: readonly GatewayAddress[];
  /** Paths of the files that are notarised. */
  readonly files: readonly string[];
  readonly write: (text: string) => void;
}

/** A story as it went. */
export interface StoryResult {
  readonly name: 'notarise' | 'verify' | 'receipt' | 'audit' | 'license' | 'attestation';
  readonly ok: boolean;
  /** 存证编号 of the records that the story is about. */
  readonly ids: readonly string[];
  /** Transactions that are the story's own, or for `verify` those that recorded the files, and their blocks. */
  readonly txIds: readonly string[];
  readonly blocks: readonly (string | number)[];
  readonly checks: readonly Check[];
}

/** A file that the first story recorded. */
export interface Notarised {
  readonly file: string;
  readonly id: string;
  readonly txId: string;
  readonly blockNumber: string | number;
  /** When the answer came that it is committed, Unix milliseconds. */
  readonly committedMs: number;
}

/** How long the other region's audit index may lag behind, milliseconds. */
const indexMs = 10_000;

/** First story: a court clerk of Chongqing has each file's digests recorded. */
export async function tellNotarise({ folder, files, write }: Stage): Promise<StoryResult & { done: Notarised[] }> {
  const narrator = new Narrator(write);
  narrator.title('一、重庆法院书记员存证', '1. A court clerk in Chongqing records a file');
  const clerk = await openCaller(folder, 'clerk@chongqing', 'clerk');
  const done: Notarised[] = [];
  for (const file of files) {
    const { digests, modifiedAt } = await hashFile(file);
    const { status, body } = await clerk.call({
      method: 'POST',
      path: '/v1/evidence',
      idempotencyKey: randomUUID(),
      body: {
        digests,
        kind: 'electronic-data',
        interest: 'none',
        claimedAt: modifiedAt,
        statements: { source: 'self-made' },
      },
    });
    const recorded = readRecorded(body);
    done.push({ file, ...recorded, committedMs: Date.now() });
    narrator.say(
      `书记员在本机计算《${basename(file)}》的哈希值并上链；文件本身不离开本机。`,
      `The clerk hashes ${basename(file)} here and records the digests; the file never leaves this machine.`,
    );
    narrator.show([
      ['存证编号 id', recorded.id],
      ['SHA-256', digests['sha-256']],
      ['SM3', digests.sm3 ?? ''],
      ['交易 tx', recorded.txId],
      ['区块 block', String(recorded.blockNumber)],
    ]);
    narrator.check(status === 201, '已由两家机构背书并写入区块。', 'Endorsed by two organisations and committed.');
  }
  return { ...result('notarise', narrator, done), done };
}

/** Second story: anyone, at another region's gateway and without logging in, verifies each file and an altered copy. */
export async function tellVerify({ gateways, write }: Stage, done: readonly Notarised[]): Promise<StoryResult> {
  const narrator = new Narrator(write);
  narrator.title('二、任何人核验', '2. Anyone verifies');
  const url = gateways.find(({ mspId }) => mspId === 'ZhejiangMSP')?.url ?? '';
  const ask = async (file: string, algorithm: HashAlgorithm, id?: string) => {
    const { digests } = await hashFile(file);
    const query = new URLSearchParams({ alg: algorithm, digest: digests[algorithm] ?? '', ...(id && { id }) });
    const { body } = await callGateway(url, { method: 'GET', path: `/v1/verify?${query.toString()}` });
    return readVerification(body);
  };
  for (const { file, id } of done) {
    const same = await ask(file, 'sha-256');
    const found = same.verdict === 'MATCH' && same.records.some((record) => record.id === id);
    narrator.say(same.wording.zh, same.wording.en);
    narrator.check(found, `原件：${same.verdict}。`, `The file itself: ${same.verdict}.`);
    const sm3 = await ask(file, 'sm3', id);
    narrator.check(sm3.verdict === 'MATCH', `按国密 SM3：${sm3.verdict}。`, `By SM3: ${sm3.verdict}.`);
    await withAlteredCopy(file, async (copy) => {
      const other = await ask(copy, 'sha-256');
      narrator.check(
        other.verdict === 'NOT_FOUND',
        `改动一个字节的副本：${other.verdict}。`,
        `A copy with one byte changed: ${other.verdict}.`,
      );
      const against = await ask(copy, 'sha-256', id);
      narrator.say(against.wording.zh, against.wording.en);
      narrator.check(
        against.verdict === 'MISMATCH',
        `副本与该编号比对：${against.verdict}。`,
        `The copy against this very record: ${against.verdict}.`,
      );
    });
  }
  return result('verify', narrator, done);
}

/** The receipt that the first story was given is verified with the trust root and the file alone. */
export async function tellReceipt(
  { folder, gateways, write }: Stage,
  done: readonly Notarised[],
): Promise<StoryResult> {
  const narrator = new Narrator(write);
  narrator.title('三、回执离线核验', '3. The receipt, verified offline');
  const receipts = join(folder.root, 'receipts', 'demo');
  const { body } = await callGateway(gateways[0]?.url ?? '', { method: 'GET', path: '/v1/trust-root' });
  const trust = join(receipts, 'trust-root.json');
  mkdirSync(receipts, { recursive: true });
  writeFileSync(trust, encodeTrustRoot(parseTrustRoot(body)));
  const clerk = await openCaller(folder, 'clerk@chongqing', 'clerk');
  for (const { file, id } of done) {
    const bytes = receiptBytes((await clerk.call({ method: 'GET', path: `/v1/receipts/${id}` })).body);
    const receipt = await keepReceipt(file, id, bytes, receipts);
    const outcome = await verifyReceiptFile({ receipt, bytes, trust, file, asOf: undefined });
    narrator.say(
      '仅凭回执、信任根和文件核验，不连接任何网络：',
      'Verified from receipt, trust root and file alone, asking nobody:',
    );
    narrator.show([
      ['回执 receipt', receipt],
      ['信任根 trust root', trust],
    ]);
    narrator.check(
      outcome.exit === 0,
      '未被篡改；已登记且有效；签署机构属实。',
      'Not altered; recorded and in force; signed by whom it says.',
    );
    await withAlteredCopy(file, async (copy) => {
      const other = await verifyReceiptFile({ receipt, bytes, trust, file: copy, asOf: undefined });
      narrator.check(other.exit === 1, '改动一个字节的副本：不一致。', 'A copy with one byte changed: no match.');
    });
  }
  return result('receipt', narrator, done);
}

/** Last story: an officer in Zhejiang looks each record up, which is recorded; an auditor in Beijing sees it all. */
export async function tellAudit({ folder, write }: Stage, done: readonly Notarised[]): Promise<StoryResult> {
  const narrator = new Narrator(write);
  narrator.title('四、跨省调取与审计', '4. Another region looks it up, an auditor sees it');
  const officer = await openCaller(folder, 'officer@zhejiang', 'officer');
  const auditor = await openCaller(folder, 'auditor@beijing', 'auditor');
  const accesses: Pick<Notarised, 'id' | 'txId' | 'blockNumber'>[] = [];
  for (const { id, txId } of done) {
    const { body: view } = await officer.call({ method: 'GET', path: `/v1/evidence/${id}` });
    const submitter = readObject(readObject(view.record, 'record').submitter, 'submitter');
    narrator.check(
      submitter.mspId === 'ChongqingMSP',
      `浙江窗口人员查到该存证，登记机构为 ${textOf(submitter.mspId)}。`,
      `The officer in Zhejiang finds the record of ${textOf(submitter.mspId)}.`,
    );
    const access = await officer.call({
      method: 'POST',
      path: `/v1/evidence/${id}/accesses`,
      idempotencyKey: randomUUID(),
      body: { purpose: 'examination', changed: false },
    });
    const recorded = readEntry(access.body);
    accesses.push({ ...recorded, id });
    const timeline = async () => {
      const { body } = await auditor.call({ method: 'GET', path: `/v1/audit/records/${id}/timeline` });
      const events = readList(body.events, 'events');
      return events.some((event) => event.txId === recorded.txId) ? events : undefined;
    };
    const events = (await pollFor(indexMs, timeline)) ?? [];
    narrator.say('北京审计员看到的完整时间线：', 'The whole timeline, as the auditor in Beijing sees it:');
    for (const event of events) narrator.show(rowsOf(event));
    const kinds = events.map(({ kind }) => textOf(kind));
    const whole =
      events[0]?.txId === txId && kinds.join() === 'evidence.registered,evidence.accessed' && events.every(isValid);
    narrator.check(
      whole,
      '登记与调取均在时间线上，次序与账本一致。',
      'Recording and look-up are there, in ledger order.',
    );
  }
  return result('audit', narrator, accesses);
}

function rowsOf(event: Json): (readonly [string, string])[] {
  return [
    [`区块 ${textOf(event.blockNumber)}`, `${textOf(event.kind)} · ${textOf(event.actor)} (${textOf(event.org)})`],
    ['', textOf(event.txId)],
  ];
}

function isValid({ code }: Json): boolean {
  return code === 'VALID';
}

/** Runs `use` on a copy of a file in which one byte in the middle differs. An empty file gets its first byte. */
async function withAlteredCopy(file: string, use: (copy: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yinzheng-copy-'));
  try {
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    const altered = bytes.length === 0 ? Buffer.from([1]) : bytes.fill((bytes[middle] ?? 0) ^ 1, middle, middle + 1);
    const copy = join(folder, basename(file));
    writeFileSync(copy, altered);
    await use(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function result(
  name: StoryResult['name'],
  { checks }: Narrator,
  places: readonly Pick<Notarised, 'id' | 'txId' | 'blockNumber'>[],
): StoryResult {
  return {
    name,
    ok: checks.length > 0 && checks.every(({ ok }) => ok),
    ids: places.map(({ id }) => id),
    txIds: places.map(({ txId }) => txId),
    blocks: places.map(({ blockNumber }) => blockNumber),
    checks,
  };
}
