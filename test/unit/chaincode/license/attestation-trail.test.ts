import { randomUUID } from 'node:crypto';

import { type AttestationTrailEntry, type Trail } from '../../../../domain/attestation-trail.js';
import {
  answering,
  asked,
  ASKER,
  asking,
  HOLDER,
  item,
  MATTER,
  openAttestations,
  OTHER_MATTER,
  SUBJECT,
  tellTo,
} from '../../../support/attestation-bench.js';
import { CLERK, type ContractBench, NOW_MS, READER, requestId } from '../../../support/contract-bench.js';
import { LicenseBench, type TestLicense } from '../../../support/license-bench.js';
import { makeHolder, signAs, type TestHolder } from '../../../support/license-requests.js';
import { attestTransfer, AWAY, openTransfers, WINDOW } from '../../../support/transfer-bench.js';

const HOLDER_KEY: TestHolder = { key: HOLDER.publicPoint, privateKey: HOLDER.privateKey };

const soon = ({ nowMs }: ContractBench, livesMs = 60_000) => new Date(nowMs + livesMs).toISOString();
const matterQuestion = (bench: ContractBench, more: object = {}) => ({
  ...{ kind: 'attestation.trail', holderKey: HOLDER.publicPoint, notAfter: soon(bench) },
  ...more,
});
const askMatter = (bench: ContractBench, more: object = {}) =>
  bench.ask<Trail>(READER, 'holder:matterTrail', signAs(HOLDER_KEY, matterQuestion(bench, more)));
const askLicense = ({ bench }: LicenseBench, { id, holder }: TestLicense, more: object = {}) => {
  const question = { kind: 'license.trail', licenseId: id, notAfter: soon(bench), ...more };
  return bench.ask<Trail>(READER, 'holder:trail', signAs(holder, question));
};
const linesOf = ({ entries }: Trail) => entries.map(({ action, outcome }) => `${action} ${outcome}`);

describe("a citizen's trail of attestations", () => {
  test('by the key for one matter: who asked, when, what for and with which outcome, newest first', async () => {
    const bench = await openAttestations();
    const record = await tellTo('REQUESTED', bench);
    for (const [name, request] of [['answer', answering(2, record.id)]] as const) {
      bench.nowMs += 1_000;
      const caller = { ...ASKER, mspId: 'ZhejiangMSP', unit: record.item.unit, name: 'officer-2' };
      await bench.call(caller, `attestation:${name}`, request);
    }
    bench.nowMs += 1_000;
    const ground = { requestId: requestId(9), attestationId: record.id, ground: 'wrong-answer' };
    await bench.call(CLERK, 'attestation-objection:file', ground);
    const trail = await askMatter(bench);
    expect(linesOf(trail)).toEqual([
      'attestation.objected wrong-answer',
      'attestation.answered VALID',
      'attestation.requested requested',
    ]);
    expect(trail.older).toBeUndefined();
    const [, , first] = trail.entries as AttestationTrailEntry[];
    expect(first).toMatchObject({
      attestationId: record.id,
      receiver: { mspId: ASKER.mspId, unit: ASKER.unit },
      answerer: { mspId: 'ZhejiangMSP' },
      ...{ matterCode: MATTER, purpose: 'licensing', basis: 'consent', by: ASKER.name },
      txTime: new Date(NOW_MS).toISOString(),
    });
  });

  test('what the catalogue refused stands there too: the person sees who asked for too much', async () => {
    const bench = await openAttestations();
    await asked(bench, 1, asking(1, { matter: OTHER_MATTER }));
    expect(linesOf(await askMatter(bench))).toEqual(['attestation.requested MATTER_NOT_ALLOWED']);
  });

  test('is for whoever signs with that key, for a short time; a key that nobody named has none', async () => {
    const bench = await openAttestations();
    await tellTo('REQUESTED', bench);
    const refused = (request: object) => bench.refusal(READER, 'holder:matterTrail', request);
    const stranger = makeHolder();
    expect(await refused(signAs(stranger, matterQuestion(bench)))).toBe('HOLDER_SIGNATURE');
    expect(await refused(signAs(HOLDER_KEY, matterQuestion(bench, { notAfter: soon(bench, -1) })))).toBe(
      'CODE_EXPIRED',
    );
    expect(await refused(signAs(HOLDER_KEY, matterQuestion(bench, { notAfter: soon(bench, 600_000) })))).toBe(
      'CODE_EXPIRED',
    );
    expect(await refused(signAs(HOLDER_KEY, matterQuestion(bench, { kind: 'license.trail' })))).toBe(
      'REQUEST_MALFORMED',
    );
    const own = signAs(stranger, matterQuestion(bench, { holderKey: stranger.key }));
    expect(await bench.ask(READER, 'holder:matterTrail', own)).toEqual({ entries: [] });
  });

  test('of a licence holds what other regions asked about it, a duty without consent included, beside its uses', async () => {
    const licenses = await openTransfers();
    const license = await licenses.issue();
    const other = await licenses.issue();
    await licenses.grant(license);
    await licenses.operate(license.id, '05', AWAY);
    licenses.bench.nowMs += 1_000;
    const { id } = await attestTransfer(licenses, license.id);
    const trail = await askLicense(licenses, license);
    expect(linesOf(trail).sort()).toEqual([
      'attestation.accepted accepted',
      'attestation.answered CONSISTENT',
      'attestation.requested requested',
      'attestation.used used',
      'grant granted',
    ]);
    expect(trail.entries.at(-1)).toMatchObject({ action: 'grant' });
    expect(trail.entries[0]).toMatchObject({ attestationId: id, basis: 'statutory-duty', by: WINDOW.name });
    expect((await askLicense(licenses, other)).entries).toEqual([]);
  });

  test('a long one comes in pages of a hundred attestations, and none is lost between them', async () => {
    const licenses = await LicenseBench.open();
    const { bench } = licenses;
    const license = await licenses.issue();
    await licenses.grant(license);
    const admin = { mspId: 'ZhejiangMSP', name: 'admin-2', role: 'admin', unit: '12330200MB2Y00099P' } as const;
    await bench.call(admin, 'catalogue:publish', item(900, { licence: true }));
    const made: string[] = [];
    for (let n = 0; n < 103; n += 1) {
      bench.nowMs += n % 3 === 0 ? 1 : 0; // Some at the same time.
      const request = asking(1, { requestId: randomUUID(), licence: license.id });
      const { payload } = await bench.callWith(SUBJECT, ASKER, 'attestation:request', request);
      made.push((JSON.parse(payload) as { id: string }).id);
    }
    const first = await askLicense(licenses, license);
    expect(first.entries.filter(({ action }) => action === 'attestation.requested')).toHaveLength(100);
    expect(first.entries.some(({ action }) => action === 'grant')).toBe(true);
    const second = await askLicense(licenses, license, { before: first.older });
    expect(second.older).toBeUndefined();
    const idsOf = ({ entries }: Trail) =>
      entries.flatMap((entry) => ('attestationId' in entry ? [entry.attestationId] : []));
    expect(idsOf(first)).toEqual(expect.arrayContaining(made.slice(-99)));
    expect(idsOf(first)).not.toContain(made[0]);
    expect(new Set([...idsOf(first), ...idsOf(second)])).toEqual(new Set(made));
  });
});
