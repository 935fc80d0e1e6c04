import { randomUUID } from 'node:crypto';

import { canonicalJson } from '../../domain/canonical-json.js';
import { readIdentity } from '../../proof/fabric/identity.js';
import { rebuildProposal } from '../../proof/fabric/proposal.js';
import { compactReceipt, readReceipt } from '../../proof/format/compact.js';
import { decodeReceipt, identityRef, receiptFromJson } from '../../proof/format/codec.js';
import { type Receipt, RECEIPT_MEDIA_TYPE } from '../../proof/format/receipt.js';
import { readTrustRoot } from '../../proof/trust/parse.js';
import { digestsOf, registration } from '../support/network/evidence-requests.js';
import { type RestSession } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';

/** Organisations that signed, sorted. */
function signersOf({ attestation, identities = [] }: Receipt): string[] {
  const named = new Map(identities.map((identity) => [hex(identityRef(identity)), readIdentity(identity).mspId]));
  return attestation.signatures.map(({ endorser }) => named.get(hex(endorser)) ?? 'unknown').sort();
}

function calledOf({ attestation, identities = [] }: Receipt): string[] {
  const creator = identities.find((identity) => hex(identityRef(identity)) === hex(attestation.creator));
  return rebuildProposal(attestation, creator ?? new Uint8Array()).args.map((arg) => Buffer.from(arg).toString());
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('receipts of a running consortium', () => {
  let network: TestNetwork;
  let clerk: RestSession;
  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    clerk = await network.restAs('clerk@chongqing.example');
  });
  afterAll(async () => {
    await network.close();
  });

  const recorded = async () => {
    const { status, body } = await clerk.post('/v1/evidence', registration());
    const record = body.record as { readonly id: string };
    return { status, record, bytes: Buffer.from(String(body.receipt), 'base64') };
  };
  const fetchBytes = async (session: RestSession, path: string) => {
    const { status, bytes } = await session.download(path, { accept: RECEIPT_MEDIA_TYPE });
    return { status, bytes };
  };

  test('201 brings the whole receipt: three organisations, the record byte for byte', async () => {
    const { status, record, bytes } = await recorded();
    const receipt = decodeReceipt(bytes);
    expect(status).toBe(201);
    expect(signersOf(receipt)).toHaveLength(3);
    expect(new Set(signersOf(receipt)).size).toBe(3);
    expect(signersOf(receipt)).toContain('ChongqingMSP');
    expect(calledOf(receipt)).toEqual(['proof:record', record.id]);
    expect(Buffer.from(receipt.record ?? []).toString()).toBe(canonicalJson(record));
  });

  test('the compact form of one record is at most 1,000 bytes', async () => {
    const { bytes } = await recorded();
    const compact = await compactReceipt(decodeReceipt(bytes));
    expect(compact.length).toBeLessThanOrEqual(1_000);
    expect((await readReceipt(compact)).attestation).toEqual(decodeReceipt(bytes).attestation);
  });

  test('the same record has the same bytes for ever, in either form', async () => {
    const { record, bytes } = await recorded();
    const path = `/v1/receipts/${record.id}`;
    expect((await fetchBytes(clerk, path)).bytes.equals(bytes)).toBe(true);
    expect((await fetchBytes(clerk, path)).bytes.equals(bytes)).toBe(true);
    const view = await clerk.get(path, { headers: { accept: 'application/json' } });
    expect(receiptFromJson(view.body)).toEqual(decodeReceipt(bytes));
  });

  test('a repeated request gives the receipt that the first one was given', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const request = registration();
    const first = await clerk.post('/v1/evidence', request, key);
    const again = await clerk.post('/v1/evidence', request, key);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.receipt).toBe(first.body.receipt);
  });

  test('an auditor is given the validation code under signatures, and the block as ordered', async () => {
    const { record } = await recorded();
    const { bytes } = await fetchBytes(clerk, `/v1/receipts/${record.id}?grade=audit`);
    const { audit, ordering } = decodeReceipt(bytes);
    expect(audit?.signatures).toHaveLength(3);
    expect(ordering?.signatures.length).toBeGreaterThan(0);
  });

  test('anyone may ask how a digest or a number stands now, present or absent, with a heartbeat', async () => {
    const { record } = await recorded();
    const anyone = network.restAsAnyone('guangdong');
    const absent = digestsOf(randomUUID()).sm3;
    for (const [body, called, found] of [
      [{ alg: 'sm3', digest: absent }, ['proof:digest', 'sm3', absent], false],
      [{ id: record.id }, ['proof:record', record.id], true],
      [{ id: `EV${'0'.repeat(32)}` }, ['proof:record', `EV${'0'.repeat(32)}`], false],
    ] as const) {
      const reply = await anyone.send('POST', '/v1/receipts', { body, headers: { accept: 'application/json' } });
      const receipt = receiptFromJson(reply.body);
      expect(calledOf(receipt)).toEqual(called);
      const answer = Buffer.from(receipt.attestation.payload).toString('latin1');
      expect(answer).toContain(`"found":${String(found)}`);
      expect(answer).toContain('"heartbeat":"20');
    }
  });

  test('an idle network writes no heartbeats', async () => {
    const { blocks: before } = (await clerk.get('/v1/network')).body;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await clerk.get('/v1/network')).body.blocks).toBe(before);
  });

  test('a receipt needs a caller with a role, and a record', async () => {
    const { record } = await recorded();
    expect(await network.restAsAnyone().get(`/v1/receipts/${record.id}`)).toMatchObject({ status: 401 });
    expect(await clerk.get(`/v1/receipts/EV${'0'.repeat(32)}`)).toMatchObject({
      status: 404,
      body: { code: 'EVIDENCE_NOT_FOUND' },
    });
  });

  test('every gateway has the same trust root, and it lists who signs', async () => {
    const roots = await Promise.all(
      ['chongqing', 'zhejiang', 'guangdong', 'beijing'].map((name) => network.restAsAnyone(name).get('/v1/trust-root')),
    );
    expect(new Set(roots.map(({ text }) => text)).size).toBe(1);
    const root = readTrustRoot(Buffer.from(roots[0]?.text ?? ''));
    expect(root.policy).toMatchObject({ organisationsMin: 3, chaincodes: [{ name: 'yinzheng' }] });
    expect(root.identities).toHaveLength(8);
  });

  test('many files are one transaction, and the batch has one receipt', async () => {
    const leaves = Array.from({ length: 400 }, () => digestsOf(randomUUID())['sha-256']);
    const request = { leaves, kind: 'electronic-data', claimedAt: '2026-03-01T08:30:00Z' };
    const { status, body } = await clerk.post('/v1/batches', request);
    const batch = body.batch as { readonly id: string; readonly size: number };
    expect({ status, size: batch.size }).toEqual({ status: 201, size: 400 });
    const receipt = decodeReceipt(Buffer.from(String(body.receipt), 'base64'));
    expect(calledOf(receipt)).toEqual(['proof:batch', batch.id]);
    expect((await clerk.get(`/v1/batches/${batch.id}`)).body.batch).toEqual(batch);
    expect((await fetchBytes(clerk, `/v1/receipts/${batch.id}`)).status).toBe(200);
  });

  test('R23 a certificate is for the parties alone; the same bytes, and another issue under the next number', async () => {
    const { record } = await recorded();
    const path = `/v1/receipts/${record.id}`;
    const pdf = { accept: 'application/pdf' };
    const issued = await clerk.download(path, pdf);
    expect(issued.headers.get('content-type')).toBe('application/pdf');
    expect(issued.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await clerk.download(path, pdf)).bytes.equals(issued.bytes)).toBe(true);
    expect(await clerk.post(`${path}/certificates`, {})).toMatchObject({ status: 201 });
    expect((await clerk.download(path, pdf)).bytes.equals(issued.bytes)).toBe(false);
    const stranger = await network.restAs('notary@zhejiang');
    expect((await stranger.download(path, pdf)).status).toBe(403);
    const rare = await clerk.post(`/v1/receipts/${(await recorded()).record.id}/certificates`, { fileName: '𠮷.pdf' });
    expect(rare).toMatchObject({ status: 400, body: { codePoint: 'U+20BB7' } });
  });
});
