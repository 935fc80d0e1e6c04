import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse as parseYaml, stringify as formatYaml } from 'yaml';

import { stopGateways } from '../../../cli/gateways.js';
import { CertificateAuthority } from '../../../network/ca/certificate-authority.js';
import {
  addRootCertificate,
  removeRootCertificate,
  setRevocationList,
} from '../../../network/embedded/config/edit-config.js';
import { renewPeer } from '../../../network/manager/change-network.js';
import { type Engine } from '../../../network/manager/plan-file.js';
import { pollFor } from '../../../network/manager/poll.js';
import { decodeReceipt, encodeReceipt } from '../../../proof/format/codec.js';
import { RECEIPT_MEDIA_TYPE } from '../../../proof/format/receipt.js';
import { type ReportFacts } from '../../../proof/verify/report.js';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import {
  GOOD,
  orderersOf,
  peerOf,
  type Recorded,
  ReceiptBench,
  signersOf,
} from '../../support/receipts/receipt-bench.js';
import { StampServer } from '../../support/receipts/stamp-server.js';
import { yinzheng } from '../../support/network/command-line.js';
import { digestsOf, registration } from '../../support/network/evidence-requests.js';
import { type RestSession } from '../../support/network/rest-session.js';
import { TestNetwork } from '../../support/network/test-network.js';
import { ROOT } from '../../support/source-tree.js';

/** What differs between kinds of networks: who orders, and how that changes. */
export interface LifeOf {
  readonly engine: Engine;
  /** Fabric's name of how it orders. */
  readonly consensus: string;
  /**
   * Replaces who orders, by configuration updates. @param audit an auditor's receipt of before.
   * @returns names of signers, as findings have them, that sign no block any more
   */
  readonly changeOrderers: (bench: ReceiptBench, audit: Uint8Array) => Promise<readonly string[]>;
}

/** How long a network may take before somebody signs or beats again, milliseconds. */
const patienceMs = 30_000;

/**
 * One network and what happens to it: it is asked, upgraded, its authorities and orderers change, and what it signed
 * before stays true. The same list for every kind of network.
 */
export function describeReceiptLife({ engine, consensus, changeOrderers }: LifeOf): void {
  let network: TestNetwork;
  let stamps: StampServer;
  let bench: ReceiptBench;
  /** With time-stamp and seal, from Chongqing's gateway; and without, from Zhejiang's. Beijing signed both. */
  let first: Uint8Array;
  let plain: Uint8Array;
  let audit: Uint8Array;

  beforeAll(async () => {
    network = await TestNetwork.start({ engine, gateways: true });
    stamps = await StampServer.start();
    await stopGateways(network.folder);
    sealAndStamp();
    await network.up();
    bench = await ReceiptBench.open(network);
    const made = await signedBy('BeijingMSP', bench.clerk);
    first = made.bytes;
    audit = await bench.auditOf(made.id);
    plain = (await signedBy('BeijingMSP', await network.restAs('notary@zhejiang.example'))).bytes;
  });
  afterAll(async () => {
    await stamps[Symbol.asyncDispose]();
    await network.close();
  });

  /** What the runbook tells an operator to do. */
  function sealAndStamp(): void {
    const { gateways: cwd, crypto } = network.folder;
    const [, issue = ''] =
      /<!-- run -->\n+```sh\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8')) ?? [];
    const CA = join(crypto, 'peerOrganizations', 'chongqing.example', 'ca');
    execFileSync('sh', ['-ec', issue], { cwd, env: { ...process.env, CA }, stdio: 'pipe' });
    const receipts = {
      timestamp: { url: stamps.url, certificate: stamps.stamper.rootFile, policies: ['1.2.3.4.1'] },
      seal: { certificate: 'seal.pem', key: 'seal.key' },
    };
    writeFileSync(join(cwd, 'chongqing.settings.json'), JSON.stringify({ receipts }));
  }

  /** Which organisations sign may differ from receipt to receipt. */
  async function signedBy(mspId: string, session: RestSession): Promise<Recorded> {
    const found = await pollFor(patienceMs, async () => {
      const made = await bench.record(session);
      return signersOf(made.bytes).includes(mspId) ? made : undefined;
    });
    if (found === undefined) throw new Error(`${mspId} signs nothing`);
    return found;
  }
  const judgeAll = (...receipts: Uint8Array[]) => Promise.all(receipts.map((each) => bench.judge(each)));
  const factsOf = async (receipt: Uint8Array): Promise<ReportFacts | undefined> => (await bench.report(receipt)).facts;

  test('presence, absence and how fresh they are: signed by three, and each holds for itself', async () => {
    const absent = digestsOf(`never recorded ${Math.random()}`)['sha-256'];
    const none = await bench.askNow({ alg: 'sha-256', digest: absent });
    expect(await bench.judge(none)).toEqual(GOOD);
    expect(await factsOf(none)).toMatchObject({
      consensus,
      answer: { found: false, subject: ['digest', 'sha-256', absent] },
    });
    expect(await bench.judge(await bench.askNow({ id: `EV${'0'.repeat(32)}` }))).toEqual(GOOD);
    expect(new Set(signersOf(none)).size).toBe(3);
    const { id, digests } = await bench.record();
    const fresh = await pollFor(patienceMs, async () => {
      const facts = await factsOf(await bench.askNow({ id }));
      const { block = '0' } = facts?.version ?? {};
      return BigInt(facts?.heartbeatBlock ?? 0) > BigInt(block) ? facts : undefined;
    });
    expect(fresh).toMatchObject({ answer: { found: true, standing: 'MATCH', subject: ['evidence', id] } });
    expect(Math.abs(Date.now() - Date.parse(fresh?.answer.heartbeat ?? ''))).toBeLessThan(patienceMs);
    const present = await bench.askNow({ alg: 'sha-256', digest: digests['sha-256'] });
    expect(await factsOf(present)).toMatchObject({
      answer: { found: true, digests: { 'sha-256': digests['sha-256'] } },
    });
    expect(await bench.judge(present)).toEqual(GOOD);
  });

  test("an auditor's receipt proves who ordered, and the validation code", async () => {
    const report = await bench.report(audit);
    const { findings, facts } = report;
    const statuses = Object.fromEntries(findings.map(({ step, status, code }) => [step, `${status} ${code}`]));
    expect(statuses).toMatchObject({ ordering: 'VALID OK', audit: 'VALID OK', signatures: 'VALID OK' });
    expect(facts?.consensus).toBe(consensus);
    const { ordering } = (await bench.trustRoot()).root.epochs.at(-1) ?? {};
    expect(orderersOf(report).length).toBeGreaterThanOrEqual(ordering?.rule === 'quorum' ? ordering.quorum : 1);
    expect(decodeReceipt(audit).audit?.signatures).toHaveLength(3);
  });

  test('R10 a receipt carries a time-stamp and a seal, and the command says so without any network', async () => {
    const files = join(network.folder.root, 'kept');
    mkdirSync(files);
    writeFileSync(join(files, 'r.yz'), first);
    writeFileSync(join(files, 'trust.json'), (await bench.trustRoot()).text);
    const { exit, stdout } = await yinzheng('verify', join(files, 'r.yz'), '--trust', join(files, 'trust.json'));
    expect({ exit, stdout }).toMatchObject({ exit: 0 });
    expect(stdout).toMatch(/可信时间 trusted\s+20\d\d-/);
    expect(stdout).toMatch(/可信时间比申报时间(早|晚) /);
    expect(stdout).toMatch(/✓ timestamp: OK \(trustedTime=/);
    expect(stdout).toMatch(/✓ seal: OK \(mspId=ChongqingMSP/);
    const { timestamp, seal } = decodeReceipt(plain);
    expect([timestamp, seal]).toEqual([undefined, undefined]);
  });

  test('R09 the public answer names the trusted time and how far the claims are from it', async () => {
    const claimedAt = new Date(Date.now() - 600_000).toISOString();
    const request = registration({ claimedAt });
    await bench.clerk.post('/v1/evidence', request);
    const ask = `/v1/verify?alg=sha-256&digest=${request.digests['sha-256']}`;
    const { body } = await bench.anyone.get(ask);
    const [stamped] = body.records as { trustedTime: string; timeDifferencesMs: { claimedToTrusted: number } }[];
    expect(stamped).toMatchObject({ timeTrust: 'TRUSTED_TIMESTAMP', claimedAt });
    const expected = Date.parse(stamped?.trustedTime ?? '') - Date.parse(claimedAt);
    expect(stamped?.timeDifferencesMs.claimedToTrusted).toBe(expected);
    expect(expected).toBeGreaterThan(590_000);
    const other = await network.restAsAnyone('zhejiang').get(ask);
    expect(other.body.records).toMatchObject([{ timeTrust: 'LEDGER_ORDER_ONLY' }]);
  });

  test('R10 a bad token makes no receipt, the record stands, and its receipt is made once the authority is well', async () => {
    stamps.signer = 'expired';
    const { status, body } = await bench.clerk.post('/v1/evidence', registration());
    const { id } = body.record as { readonly id: string };
    const again = await bench.clerk.get(`/v1/receipts/${id}`);
    stamps.honest();
    expect([status, body.receipt, body.receiptRefusal]).toEqual([201, null, 'INVALID_TIMESTAMP']);
    expect(again).toMatchObject({ status: 502, body: { code: 'INVALID_TIMESTAMP', reason: 'TOKEN_CERTIFICATE' } });
    expect((await bench.clerk.get(`/v1/receipts/${id}`)).status).toBe(200);
  });

  test('anyone sends a receipt to a gateway: the findings of offline, and how the record stands now', async () => {
    const { id, bytes, digests } = await bench.record();
    const anyone = bench.anyone;
    const { root } = await bench.trustRoot();
    const offline = await verifyReceipt(bytes, root, { file: digests });
    const inJson = await anyone.post('/v1/verify', { receipt: Buffer.from(bytes).toString('base64'), digests });
    expect([inJson.status, inJson.body.verdict]).toEqual([200, 'VALID']);
    expect(inJson.body).toMatchObject(JSON.parse(JSON.stringify(offline)) as object);
    expect(inJson.body.online).toMatchObject({ verdict: 'VALID', facts: { answer: { subject: ['evidence', id] } } });
    await network
      .restAs('notary@zhejiang.example')
      .then((other) => other.post(`/v1/evidence/${id}/objections`, { ground: 'source-disputed' }));
    const raw = await send(anyone, bytes, RECEIPT_MEDIA_TYPE, '?asOf=2020-01-01T00:00:00Z');
    expect(raw.body).toMatchObject({ verdict: 'INVALID', online: { verdict: 'INVALID' } });
    const codes = (raw.body.findings as { code: string }[]).map(({ code }) => code);
    expect(codes).toContain('NOT_YET_RECORDED');
    expect(JSON.stringify(raw.body.online)).toContain('STANDING_MATCH_CONTESTED');
  });

  test('a damaged receipt, one of nobody, and too large a one are told apart', async () => {
    const anyone = bench.anyone;
    const cut = await send(anyone, first.slice(0, -1), RECEIPT_MEDIA_TYPE);
    expect(cut).toMatchObject({ status: 200, body: { verdict: 'INVALID' } });
    expect(cut.body.online).toBeUndefined();
    expect(await anyone.post('/v1/verify', { receipt: 'no base64' })).toMatchObject({ status: 400 });
    const large = await send(anyone, new Uint8Array(1024 * 1024 + 1), RECEIPT_MEDIA_TYPE);
    expect(large).toMatchObject({ status: 413, body: { code: 'REQUEST_TOO_LARGE' } });
  });

  test('a file is hashed on the server for who has no browser, and nothing of it is kept', async () => {
    const file = Buffer.from(`contents ${Math.random()}`);
    const anyone = bench.anyone;
    const missing = await send(anyone, file, 'application/octet-stream');
    expect(missing.body).toMatchObject({ verdict: 'NOT_FOUND', digests: { sm3: expect.any(String) as string } });
    const { digests } = missing.body as { digests: Record<string, string> };
    await bench.clerk.post(
      '/v1/evidence',
      registration({ digests: { 'sha-256': digests['sha-256'], sm3: digests.sm3 } }),
    );
    expect((await send(anyone, file, 'application/octet-stream')).body).toMatchObject({ verdict: 'MATCH' });
  });

  test('after a chaincode upgrade receipts of both versions hold', async () => {
    const file = join(network.folder.root, 'next.yaml');
    const topology = parseYaml(readFileSync(join(network.folder.root, 'topology.yaml'), 'utf8')) as {
      chaincodes: { version: string; sequence?: number }[];
    };
    const [evidence = { version: '' }] = topology.chaincodes;
    Object.assign(evidence, { version: '9.9.9', sequence: (evidence.sequence ?? 1) + 1 });
    writeFileSync(file, formatYaml(topology));
    const deployed = await yinzheng('network', 'deploy', '--topology', file, '--data', network.folder.root);
    expect(deployed).toMatchObject({ exit: 0 });
    const { bytes } = await bench.record();
    const report = await verifyReceipt(bytes, (await bench.trustRoot()).root);
    expect(report.facts?.chaincode.version).toBe('9.9.9');
    expect(await Promise.all([bytes, first, plain, audit].map((each) => bench.judge(each)))).toEqual([
      GOOD,
      GOOD,
      GOOD,
      GOOD,
    ]);
  });

  test("after a peer's keys were renewed, its signatures of before and after hold", async () => {
    const [node] = bench.organisation('BeijingMSP').nodes;
    await renewPeer(network.folder.root, node?.id ?? '');
    const { bytes } = await signedBy('BeijingMSP', bench.clerk);
    expect(peerOf(bytes, 'BeijingMSP')).not.toBe(peerOf(first, 'BeijingMSP'));
    expect(await judgeAll(bytes, first, plain, audit)).toEqual([GOOD, GOOD, GOOD, GOOD]);
  });

  test('after others order, blocks of before and after hold', async () => {
    const { epochs } = (await bench.trustRoot()).root;
    const former = await changeOrderers(bench, audit);
    expect((await bench.trustRoot()).root.epochs.length).toBeGreaterThan(epochs.length);
    const { id, bytes } = await bench.record();
    const after = await bench.auditOf(id);
    expect(await judgeAll(bytes, after, first, audit)).toEqual([GOOD, GOOD, GOOD, GOOD]);
    expect(former.length).toBeGreaterThan(0);
    expect(orderersOf(await bench.report(after)).filter((name) => former.includes(name))).toEqual([]);
  });

  test("after a peer's certificates were revoked, only what was time-stamped before still holds", async () => {
    const authority = await bench.authority('BeijingMSP');
    const [node] = bench.organisation('BeijingMSP').nodes;
    const now = readFileSync(node?.msp.certificateFile ?? '', 'utf8');
    const revoked = [peerOf(first, 'BeijingMSP'), now].map((pem) => ({
      serial: BigInt(`0x${new X509Certificate(pem).serialNumber}`),
      revokedMs: Date.now(),
    }));
    const list = await authority.revoke(revoked, Date.now());
    await bench.change((root) => {
      setRevocationList(root, 'BeijingMSP', Buffer.from(list));
    });
    expect(await bench.judge(plain)).toEqual(['INVALID', 'signatures CERTIFICATE_REVOKED']);
    expect(await bench.judge(first)).toEqual(GOOD);
    const { bytes } = await bench.record();
    expect(signersOf(bytes)).not.toContain('BeijingMSP');
    expect(await bench.judge(bytes)).toEqual(GOOD);
  });

  test('after an authority was replaced, receipts of before still hold under the walked trust root', async () => {
    const old = await bench.authority('BeijingMSP');
    const { epochs } = (await bench.trustRoot()).root;
    const next = await CertificateAuthority.create('ca.beijing.example', 'beijing.example', Date.now());
    await bench.change((root) => {
      addRootCertificate(root, 'BeijingMSP', next.material.certificatePem);
      removeRootCertificate(root, 'BeijingMSP', old.material.certificatePem);
    });
    const { root } = await bench.trustRoot();
    expect(root.epochs).toHaveLength(epochs.length + 1);
    expect(root.epochs.at(-1)?.organisations.find(({ mspId }) => mspId === 'BeijingMSP')?.roots).toEqual([
      next.material.certificatePem,
    ]);
    expect(await Promise.all([first, audit].map((each) => bench.judge(each)))).toEqual([GOOD, GOOD]);
    const claimed = { ...decodeReceipt(first), configBlock: root.epochs.at(-1)?.configBlock ?? 0 };
    expect(await bench.judge(encodeReceipt(claimed))).toEqual(['INVALID', 'signatures CERTIFICATE_UNTRUSTED']);
    expect(await bench.judge((await bench.record()).bytes)).toEqual(GOOD);
  });

  test("a clerk's signature is as genuine as a peer's, and does not count", async () => {
    const { bytes } = await bench.record();
    expect(await bench.judge(bench.withClerk(decodeReceipt(bytes)))).toEqual([
      'INVALID',
      'signatures ENDORSER_NOT_PEER',
    ]);
  });
}

async function send(session: RestSession, body: Uint8Array, type: string, query = '') {
  const response = await fetch(new URL(`/v1/verify${query}`, session.url), {
    method: 'POST',
    headers: { 'content-type': type },
    body: Uint8Array.from(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
