import { type AttestationHistoryEntry, type AttestationResult } from '../../../../domain/attestation-record.js';
import { parseAttestationEvent } from '../../../../domain/attestation-event.js';
import { type PayloadReading } from '../../../../domain/attestation-payload.js';
import {
  ANSWERER,
  answering,
  asked,
  ASKER,
  asking,
  askingByDuty,
  deciding,
  openAttestations,
  payloadDigest,
  REASON,
  SUBJECT,
  tellTo,
  TOLD,
} from '../../../support/attestation-bench.js';
import { AUDITOR, digestOf, requestId } from '../../../support/contract-bench.js';

describe('a cross-region attestation from request to close', () => {
  test('both regions sign one digest, it is used once, and every act is in the history', async () => {
    const bench = await openAttestations();
    const record = await tellTo('CLOSED', bench);
    expect(record).toMatchObject({
      schema: 'cross-attestation/1',
      state: 'CLOSED',
      dueAt: '2026-03-06T08:30:00.000Z',
      escalateAt: '2026-03-08T08:30:00.000Z',
      answer: { answer: 'VALID', by: { mspId: 'ZhejiangMSP' } },
      acceptance: { digest: record.answer?.digest, by: { mspId: 'BeijingMSP' } },
      use: { decisionReference: digestOf('decision 7') },
    });
    const history = await bench.ask<AttestationHistoryEntry[]>(AUDITOR, 'attestation:history', record.id);
    expect(new Set(history.map(({ kind }) => kind))).toEqual(
      new Set(['requested', 'answered', 'previewed', 'accepted', 'used', 'closed'].map((act) => `attestation.${act}`)),
    );
    expect(new Set(history.map(({ txId }) => txId)).size).toBe(6);
  });

  test('each act tells one event that the strict parser reads', async () => {
    const bench = await openAttestations();
    const { events } = await bench.callWith(SUBJECT, ASKER, 'attestation:request', asking(1));
    expect(events).toHaveLength(1);
    expect(parseAttestationEvent(events[0]?.payload)).toMatchObject({
      kind: 'attestation.requested',
      state: 'REQUESTED',
      requester: { mspId: 'BeijingMSP', unit: ASKER.unit },
      answerer: { mspId: 'ZhejiangMSP', unit: ANSWERER.unit },
    });
  });

  test('an officer refuses with a code, and the reason goes to both in private', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await asked(bench, 1);
    const request = {
      requestId: requestId(2),
      attestationId,
      code: 'SUBJECT_UNCLEAR',
      payloadDigest: payloadDigest(REASON),
    };
    const { payload, events } = await bench.callWith(REASON, ANSWERER, 'attestation:refuse', request);
    expect(JSON.parse(payload)).toMatchObject({ state: 'REFUSED', refusal: { code: 'SUBJECT_UNCLEAR' } });
    expect(parseAttestationEvent(events[0]?.payload)).toMatchObject({ code: 'SUBJECT_UNCLEAR' });
    const readings = await bench.ask<PayloadReading[]>(ASKER, 'attestation:payloads', attestationId);
    expect(readings).toContainEqual({
      part: 'reason',
      digest: payloadDigest(REASON),
      verdict: 'INTACT',
      payload: REASON,
    });
  });

  test('overdue and escalated follow from the time of reading, and nothing is written for it', async () => {
    const bench = await openAttestations();
    const { id, txTime } = await asked(bench, 1);
    const timing = async (days: number) => {
      bench.nowMs = Date.parse(txTime) + days * 86_400_000;
      const view = await bench.ask<AttestationResult>(ASKER, 'attestation:get', id);
      return view.found ? { overdue: view.timing.overdue, escalated: view.timing.escalated } : undefined;
    };
    expect(await timing(5)).toEqual({ overdue: false, escalated: false });
    expect(await timing(5.001)).toEqual({ overdue: true, escalated: false });
    expect(await timing(7.001)).toEqual({ overdue: true, escalated: true });
    // Late is not too late: the answer is still owed.
    const late = { asOf: '2026-03-08T08:00:00Z' };
    await bench.call(ANSWERER, 'attestation:answer', answering(2, id, late));
    expect(await timing(7.002)).toEqual({ overdue: false, escalated: false });
  });

  test('values go to the asking region only after the holder saw and released them', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await asked(bench, 1);
    const digest = payloadDigest(TOLD);
    await bench.callWith(TOLD, ANSWERER, 'attestation:deposit', {
      requestId: requestId(2),
      attestationId,
      payloadDigest: digest,
    });
    await bench.call(ANSWERER, 'attestation:answer', answering(3, attestationId, { payloadDigest: digest }));
    const read = async (who: typeof ASKER) => {
      const readings = await bench.ask<PayloadReading[]>(who, 'attestation:payloads', attestationId);
      return readings.find(({ part }) => part === 'answer')?.payload;
    };
    expect(await read(ANSWERER)).toEqual(TOLD);
    expect(await read(ASKER)).toBeUndefined();
    expect(privateTexts(bench, 'BeijingMSP').some((text) => text.includes('2029-12-31'))).toBe(false);
    const { record } = await bench.ask<Extract<AttestationResult, { found: true }>>(
      ASKER,
      'attestation:get',
      attestationId,
    );
    await bench.callWith(TOLD, ANSWERER, 'attestation:preview', deciding(4, record));
    expect(await read(ASKER)).toEqual(TOLD);
  });

  test('under a statutory duty values go with the answer, and no preview is needed', async () => {
    const bench = await openAttestations();
    const { id } = await asked(bench, 1, askingByDuty(1));
    const request = answering(2, id, { payloadDigest: payloadDigest(TOLD) });
    const { payload } = await bench.callWith(TOLD, ANSWERER, 'attestation:answer', request);
    const { answer } = JSON.parse(payload) as { answer: { digest: string } };
    await bench.call(ASKER, 'attestation:accept', {
      requestId: requestId(3),
      attestationId: id,
      digest: answer.digest,
    });
    const readings = await bench.ask<PayloadReading[]>(ASKER, 'attestation:payloads', id);
    expect(readings.map(({ part, verdict }) => [part, verdict])).toEqual([
      ['subject', 'INTACT'],
      ['answer', 'INTACT'],
    ]);
  });

  test('a holder who refuses ends it', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ATTESTED', bench);
    const { payload } = await bench.call(ANSWERER, 'attestation:preview', deciding(9, record, 'rejected'));
    expect(JSON.parse(payload)).toMatchObject({ state: 'REJECTED_BY_HOLDER' });
  });

  test('a withdrawal flags the decision that relied on it', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await tellTo('CLOSED', bench);
    const request = { requestId: requestId(9), attestationId, reason: 'source-corrected' };
    const { payload, events } = await bench.call(ANSWERER, 'attestation:withdraw', request);
    const flagged = [digestOf('decision 7')];
    expect(JSON.parse(payload)).toMatchObject({ state: 'WITHDRAWN', withdrawal: { flagged } });
    expect(parseAttestationEvent(events[0]?.payload)).toMatchObject({ code: 'source-corrected', flagged });
  });

  test('after a purge the values are gone everywhere, and the record still says what they were', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await tellTo('CLOSED', bench);
    expect(privateTexts(bench, 'BeijingMSP').join()).toContain('张三');
    await bench.call(ASKER, 'attestation:purge', {
      requestId: requestId(9),
      attestationId,
      ground: 'purpose-achieved',
    });
    expect(bench.ledger.privateValues.size).toBe(0);
    for (const who of [ASKER, ANSWERER]) {
      expect(await bench.ask(who, 'attestation:payloads', attestationId)).toEqual([
        { part: 'subject', digest: payloadDigest(SUBJECT), verdict: 'DELETED' },
      ]);
    }
  });
});

function privateTexts(bench: Awaited<ReturnType<typeof openAttestations>>, mspId: string): string[] {
  return [...bench.ledger.privateValues]
    .filter(([place]) => place.includes(`_implicit_org_${mspId}`))
    .map(([, value]) => value.toString());
}
