import { execFileSync } from 'node:child_process';
import { sign, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type common } from '@hyperledger/fabric-protos';
import { parse as parseYaml, stringify as formatYaml } from 'yaml';

import { stopGateways } from '../../cli/gateways.js';
import { toLowS } from '../../gateway/ledger/signer.js';
import { CertificateAuthority } from '../../network/ca/certificate-authority.js';
import {
  addRootCertificate,
  removeRootCertificate,
  setRevocationList,
} from '../../network/embedded/config/edit-config.js';
import { decodeReceipt, encodeReceipt, identityRef } from '../../proof/format/codec.js';
import { pollFor } from '../../network/manager/poll.js';
import { startNetwork } from '../../network/manager/network.js';
import { encodeIdentity, readIdentity } from '../../proof/fabric/identity.js';
import { type Receipt, RECEIPT_MEDIA_TYPE } from '../../proof/format/receipt.js';
import { readTrustRoot } from '../../proof/trust/parse.js';
import { type Report } from '../../proof/verify/report.js';
import { verifyReceipt } from '../../proof/verify/verify-receipt.js';
import { StampServer } from '../support/receipts/stamp-server.js';
import { yinzheng } from '../support/network/command-line.js';
import { changeConfig, planOf } from '../support/network/config-change.js';
import { registration } from '../support/network/evidence-requests.js';
import { type RestSession } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ROOT } from '../support/source-tree.js';

/** One receipt and what was made after it: a network changes, and what it signed before stays true. */
describe('receipts in the life of a network', () => {
  let network: TestNetwork;
  let stamps: StampServer;
  let clerk: RestSession;
  /** With time-stamp and seal, from Chongqing's gateway; and without, from Zhejiang's. Beijing signed both. */
  let first: Uint8Array;
  let plain: Uint8Array;
  let audit: Uint8Array;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    stamps = await StampServer.start();
    await stopGateways(network.folder);
    sealAndStamp();
    await network.up();
    clerk = await network.restAs('clerk@chongqing.example');
    const made = await record(clerk);
    first = made.bytes;
    audit = await auditOf(made.id);
    plain = (await record(await network.restAs('notary@zhejiang.example'))).bytes;
    expect([first, plain].map((each) => signersOf(each).includes('BeijingMSP'))).toEqual([true, true]);
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

  async function record(session: RestSession): Promise<{ id: string; bytes: Uint8Array; digests: object }> {
    const request = registration();
    const { body } = await session.post('/v1/evidence', request);
    const { id } = body.record as { readonly id: string };
    return { id, bytes: Buffer.from(String(body.receipt), 'base64'), digests: request.digests };
  }
  /** The larger receipt, as soon as the gateway has indexed the record's block. */
  const auditOf = async (id: string): Promise<Uint8Array> => {
    const found = await pollFor(10_000, async () => {
      const { status, bytes } = await clerk.download(`/v1/receipts/${id}?grade=audit`, { accept: RECEIPT_MEDIA_TYPE });
      return status === 200 ? bytes : undefined;
    });
    if (found === undefined) throw new Error('no receipt for auditors');
    return found;
  };
  const trustRoot = async () => {
    const { text } = await network.restAsAnyone('chongqing').get('/v1/trust-root');
    return { text, root: readTrustRoot(Buffer.from(text)) };
  };
  /** Changes the configuration, until the gateway's index has its block. */
  const change = async (edit: (root: common.ConfigGroup) => void) => {
    const { epochs } = (await trustRoot()).root;
    await changeConfig(network, { edit, signedBy: ['BeijingMSP'], user: 'clerk@chongqing.example' });
    await pollFor(10_000, async () => (await trustRoot()).root.epochs.length > epochs.length || undefined);
  };
  /** Verdict, and each finding that is not merely an absent part. */
  const judge = async (bytes: Uint8Array) => summary(await verifyReceipt(bytes, (await trustRoot()).root));

  test('R10 a receipt carries a time-stamp and a seal, and the command says so without any network', async () => {
    const files = join(network.folder.root, 'kept');
    mkdirSync(files);
    writeFileSync(join(files, 'r.yz'), first);
    writeFileSync(join(files, 'trust.json'), (await trustRoot()).text);
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
    await clerk.post('/v1/evidence', request);
    const ask = `/v1/verify?alg=sha-256&digest=${request.digests['sha-256']}`;
    const { body } = await network.restAsAnyone('chongqing').get(ask);
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
    const { status, body } = await clerk.post('/v1/evidence', registration());
    const { id } = body.record as { readonly id: string };
    const again = await clerk.get(`/v1/receipts/${id}`);
    stamps.honest();
    expect([status, body.receipt, body.receiptRefusal]).toEqual([201, null, 'INVALID_TIMESTAMP']);
    expect(again).toMatchObject({ status: 502, body: { code: 'INVALID_TIMESTAMP', reason: 'TOKEN_CERTIFICATE' } });
    expect((await clerk.get(`/v1/receipts/${id}`)).status).toBe(200);
  });

  test('anyone sends a receipt to a gateway: the findings of offline, and how the record stands now', async () => {
    const { id, bytes, digests } = await record(clerk);
    const anyone = network.restAsAnyone('chongqing');
    const { root } = await trustRoot();
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
    const anyone = network.restAsAnyone('chongqing');
    const cut = await send(anyone, first.slice(0, -1), RECEIPT_MEDIA_TYPE);
    expect(cut).toMatchObject({ status: 200, body: { verdict: 'INVALID' } });
    expect(cut.body.online).toBeUndefined();
    expect(await anyone.post('/v1/verify', { receipt: 'no base64' })).toMatchObject({ status: 400 });
    const large = await send(anyone, new Uint8Array(1024 * 1024 + 1), RECEIPT_MEDIA_TYPE);
    expect(large).toMatchObject({ status: 413, body: { code: 'REQUEST_TOO_LARGE' } });
  });

  test('a file is hashed on the server for who has no browser, and nothing of it is kept', async () => {
    const file = Buffer.from(`contents ${Math.random()}`);
    const anyone = network.restAsAnyone('chongqing');
    const missing = await send(anyone, file, 'application/octet-stream');
    expect(missing.body).toMatchObject({ verdict: 'NOT_FOUND', digests: { sm3: expect.any(String) as string } });
    const { digests } = missing.body as { digests: Record<string, string> };
    await clerk.post('/v1/evidence', registration({ digests: { 'sha-256': digests['sha-256'], sm3: digests.sm3 } }));
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
    const { bytes } = await record(clerk);
    const report = await verifyReceipt(bytes, (await trustRoot()).root);
    expect(report.facts?.chaincode.version).toBe('9.9.9');
    expect(await Promise.all([bytes, first, plain, audit].map(judge))).toEqual([GOOD, GOOD, GOOD, GOOD]);
  });

  test('after the orderer was given another key and certificate, blocks of before and after hold', async () => {
    const [node] = planOf(network).orderer.nodes;
    await network.down();
    rmSync(join(node?.msp.certificateFile ?? '', '../../..'), { recursive: true });
    const topologyText = readFileSync(join(network.folder.root, 'topology.yaml'), 'utf8');
    await startNetwork({ dataDir: network.folder.root, topologyText });
    const { id, bytes } = await record(clerk);
    const after = await auditOf(id);
    expect(ordererOf(after)).not.toEqual(ordererOf(audit));
    expect(await Promise.all([bytes, after, first, audit].map(judge))).toEqual([GOOD, GOOD, GOOD, GOOD]);
  });

  test("after a peer's certificate was revoked, only what was time-stamped before still holds", async () => {
    const authority = await beijing();
    const serial = BigInt(`0x${new X509Certificate(peerOf(first, 'BeijingMSP')).serialNumber}`);
    const list = await authority.revoke([{ serial, revokedMs: Date.now() }], Date.now());
    await change((root) => {
      setRevocationList(root, 'BeijingMSP', Buffer.from(list));
    });
    expect(await judge(plain)).toEqual(['INVALID', 'signatures CERTIFICATE_REVOKED']);
    expect(await judge(first)).toEqual(GOOD);
    const { bytes } = await record(clerk);
    expect(signersOf(bytes)).not.toContain('BeijingMSP');
    expect(await judge(bytes)).toEqual(GOOD);
  });

  test('after an authority was replaced, receipts of before still hold under the walked trust root', async () => {
    const old = await beijing();
    const next = await CertificateAuthority.create('ca.beijing.example', 'beijing.example', Date.now());
    await change((root) => {
      addRootCertificate(root, 'BeijingMSP', next.material.certificatePem);
      removeRootCertificate(root, 'BeijingMSP', old.material.certificatePem);
    });
    const { root } = await trustRoot();
    expect(root.epochs).toHaveLength(3);
    expect(root.epochs.at(-1)?.organisations[0]?.roots).toEqual([next.material.certificatePem]);
    expect(await Promise.all([first, audit].map(judge))).toEqual([GOOD, GOOD]);
    const claimed = { ...decodeReceipt(first), configBlock: root.epochs.at(-1)?.configBlock ?? 0 };
    expect(await judge(encodeReceipt(claimed))).toEqual(['INVALID', 'signatures CERTIFICATE_UNTRUSTED']);
    expect(await judge((await record(clerk)).bytes)).toEqual(GOOD);
  });

  test("a clerk's signature is as genuine as a peer's, and does not count", async () => {
    const { bytes } = await record(clerk);
    expect(await judge(withClerk(decodeReceipt(bytes)))).toEqual(['INVALID', 'signatures ENDORSER_NOT_PEER']);
  });

  /** The first endorsement replaced by one of Chongqing's clerk over the same payload, seal and time-stamp dropped. */
  function withClerk({ timestamp: _, seal: __, ...receipt }: Receipt): Uint8Array {
    const { certificate, privateKey, mspId } = network.identityOf('clerk@chongqing.example');
    const identity = encodeIdentity(mspId, certificate);
    const { payload, signatures, creator } = receipt.attestation;
    const [replaced, ...others] = signatures;
    const signature = toLowS(sign('sha256', Buffer.concat([payload, identity]), privateKey));
    const refs = [creator, ...others.map(({ endorser }) => endorser)].map((ref) => Buffer.from(ref).toString('hex'));
    const kept = (receipt.identities ?? []).filter((each) =>
      refs.includes(Buffer.from(identityRef(each)).toString('hex')),
    );
    if (replaced === undefined) throw new Error('a signature is wanted');
    return encodeReceipt({
      ...receipt,
      attestation: { ...receipt.attestation, signatures: [{ endorser: identityRef(identity), signature }, ...others] },
      identities: [...kept, identity],
    });
  }

  async function beijing(): Promise<CertificateAuthority> {
    const { ca, domain } = planOf(network).organisations.find(({ mspId }) => mspId === 'BeijingMSP') ?? {};
    if (ca === undefined || domain === undefined) throw new Error('Beijing is wanted');
    return CertificateAuthority.load(ca.name, domain, {
      certificatePem: readFileSync(ca.certificateFile, 'utf8'),
      privateKeyPem: readFileSync(ca.privateKeyFile, 'utf8'),
    });
  }
});

const GOOD = ['VALID'];

function summary({ verdict, findings }: Report): readonly string[] {
  const told = findings.filter(({ status }) => status === 'INVALID' || status === 'ERROR');
  return [verdict, ...told.map(({ step, code }) => `${step} ${code}`)];
}

function signersOf(bytes: Uint8Array): string[] {
  const { attestation, identities = [] } = decodeReceipt(bytes);
  const signers = attestation.signatures.map(({ endorser }) => Buffer.from(endorser).toString('hex'));
  return identities
    .filter((each) => signers.includes(Buffer.from(identityRef(each)).toString('hex')))
    .map((each) => readIdentity(each).mspId);
}

/** PEM of an organisation's peer that signed. */
function peerOf(bytes: Uint8Array, mspId: string): string {
  const { attestation, identities = [] } = decodeReceipt(bytes);
  const refs = attestation.signatures.map(({ endorser }) => Buffer.from(endorser).toString('hex'));
  const found = identities.find(
    (each) => readIdentity(each).mspId === mspId && refs.includes(Buffer.from(identityRef(each)).toString('hex')),
  );
  return /-----BEGIN[\s\S]*-----END CERTIFICATE-----\n/.exec(Buffer.from(found ?? []).toString('utf8'))?.[0] ?? '';
}

/** Header of the orderer's signature over the block of an auditor's receipt, without its nonce. */
function ordererOf(bytes: Uint8Array): string {
  const header = decodeReceipt(bytes).ordering?.signatures[0]?.signatureHeader ?? new Uint8Array();
  return /-----BEGIN[\s\S]*-----END CERTIFICATE-----\n/.exec(Buffer.from(header).toString('latin1'))?.[0] ?? '';
}

async function send(session: RestSession, body: Uint8Array, type: string, query = '') {
  const response = await fetch(new URL(`/v1/verify${query}`, session.url), {
    method: 'POST',
    headers: { 'content-type': type },
    body: Uint8Array.from(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
