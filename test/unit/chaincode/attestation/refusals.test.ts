import { type Attestation, type AttestationObjection } from '../../../../domain/attestation-record.js';
import {
  accepting,
  ANSWERER,
  answering,
  asked,
  ASKER,
  asking,
  askingByDuty,
  type Chapter,
  deciding,
  holderKeyPair,
  item,
  MATTER,
  openAttestations,
  OTHER_MATTER,
  payloadDigest,
  PUBLISHER,
  STRANGER,
  SUBJECT,
  tellTo,
  TOLD,
  using,
} from '../../../support/attestation-bench.js';
import { type Caller, CLERK, type ContractBench, digestOf, requestId } from '../../../support/contract-bench.js';
import { DomainError } from '../../../../domain/errors.js';

type Make = (record: Attestation) => object;

const withdrawal: Make = ({ id }) => ({ requestId: requestId(70), attestationId: id, reason: 'wrong-subject' });
const closing: Make = ({ id }) => ({ requestId: requestId(71), attestationId: id, outcome: 'granted' });
const purging: Make = ({ id }) => ({ requestId: requestId(72), attestationId: id, ground: 'unlawful' });
const objecting: Make = ({ id }) => ({ requestId: requestId(73), attestationId: id, ground: 'wrong-answer' });
const refusing: Make = ({ id }) => ({ requestId: requestId(74), attestationId: id, code: 'NOT_COMPETENT' });
const answer: Make = ({ id }) => answering(75, id);
const use: Make = ({ id }) => using(76, id);
const accept: Make = (record) => accepting(77, record);
const otherDigest: Make = (record) => ({ ...accepting(77, record), digest: digestOf('x') });
const release: Make = (record) => deciding(78, record);

async function refusalWith(
  bench: ContractBench,
  payload: object | undefined,
  caller: Caller,
  transaction: string,
  request: object,
): Promise<string> {
  try {
    await bench.callWith(payload, caller, transaction, request);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  throw new Error(`${transaction} was not refused`);
}

describe('what the catalogue forbids is recorded as refused, with its code', () => {
  test.each([
    ['ITEM_NOT_SHARED', { shareability: 'none' }, {}],
    ['REQUESTER_NOT_ENTITLED', { requesters: ['GuangdongMSP'] }, {}],
    ['MATTER_NOT_ALLOWED', {}, { matter: OTHER_MATTER }],
    ['FIELDS_NOT_ALLOWED', {}, { fields: ['validUntil', 'homeAddress', 'licenceNumber'] }],
    ['BASIS_NOT_ALLOWED', { bases: ['statutory-duty'] }, {}],
  ])('%s', async (code, itemMore, more) => {
    const bench = await openAttestations();
    await bench.call(PUBLISHER, 'catalogue:publish', item(901, itemMore));
    const record = await asked(bench, 1, asking(1, more));
    expect(record).toMatchObject({ state: 'REFUSED', refusal: { code }, item: { version: 2 } });
    // Whoever is refused does not hand the subject over either.
    expect(bench.ledger.privateValues.size).toBe(0);
    expect(await bench.refusal(ANSWERER, 'attestation:answer', answer(record))).toBe('ATTESTATION_STATE');
  });

  test('an item that nobody published is unknown, an own one is no other region', async () => {
    const bench = await openAttestations();
    const unknown = asking(1, { item: { mspId: 'ZhejiangMSP', itemId: 'ZJ-OTHER' } });
    expect(await refusalWith(bench, SUBJECT, ASKER, 'attestation:request', unknown)).toBe('ATTESTATION_ITEM_UNKNOWN');
    expect(await refusalWith(bench, SUBJECT, ANSWERER, 'attestation:request', asking(1))).toBe('REQUEST_MALFORMED');
  });

  test('an item about licences needs the licence, and no other item takes one', async () => {
    const bench = await openAttestations();
    const licence = '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U';
    const named = asking(1, { licence });
    expect(await refusalWith(bench, SUBJECT, ASKER, 'attestation:request', named)).toBe('REQUEST_MALFORMED');
    await bench.call(PUBLISHER, 'catalogue:publish', item(901, { licence: true }));
    expect(await refusalWith(bench, SUBJECT, ASKER, 'attestation:request', asking(1))).toBe('REQUEST_MALFORMED');
    expect(await asked(bench, 1, named)).toMatchObject({ state: 'REQUESTED', licence });
  });

  test('requests without commitment, key or consent that fits are malformed', async () => {
    const bench = await openAttestations();
    for (const request of [
      asking(1, { commitment: false }),
      asking(1, { holderKey: undefined }),
      asking(1, { basis: 'statutory-duty' }),
      asking(1, { holderKey: 'MFkw' }),
      asking(1, { matter: '11010519491231002X' }),
    ]) {
      expect(await refusalWith(bench, SUBJECT, ASKER, 'attestation:request', request)).toBe('REQUEST_MALFORMED');
    }
  });
});

describe('private payloads', () => {
  test('a request without its payload, or with another one, is refused', async () => {
    const bench = await openAttestations();
    const other = { ...SUBJECT, name: '李四' };
    expect(await refusalWith(bench, undefined, ASKER, 'attestation:request', asking(1))).toBe('ATTESTATION_PAYLOAD');
    expect(await refusalWith(bench, other, ASKER, 'attestation:request', asking(1))).toBe('ATTESTATION_PAYLOAD');
  });

  test.each([
    ['no salt', { ...SUBJECT, salt: '' }],
    ['a short salt', { ...SUBJECT, salt: 'abcd' }],
    ['claims about fields that are not asked for', { ...SUBJECT, claims: { homeAddress: '某路 1 号' } }],
    ['no purpose', { ...SUBJECT, purpose: ' ' }],
    ['a purpose of 201 characters', { ...SUBJECT, purpose: '用'.repeat(201) }],
    ['a member too many', { ...SUBJECT, phone: '13800138000' }],
  ])('%s is malformed', async (_case, payload) => {
    const bench = await openAttestations();
    const request = asking(1, { payloadDigest: payloadDigest(payload) });
    expect(await refusalWith(bench, payload, ASKER, 'attestation:request', request)).toBe('REQUEST_MALFORMED');
  });

  test('an answer that tells values needs their deposit first, and only of fields that were asked for', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await asked(bench, 1);
    const request = answering(2, attestationId, { payloadDigest: payloadDigest(TOLD) });
    expect(await bench.refusal(ANSWERER, 'attestation:answer', request)).toBe('ATTESTATION_PAYLOAD');
    const more = { ...TOLD, fields: { homeAddress: '某路 1 号' } };
    const deposit = { requestId: requestId(3), attestationId, payloadDigest: payloadDigest(more) };
    expect(await refusalWith(bench, more, ANSWERER, 'attestation:deposit', deposit)).toBe('REQUEST_MALFORMED');
    expect(await refusalWith(bench, more, ASKER, 'attestation:deposit', deposit)).toBe('ATTESTATION_NOT_PARTY');
  });

  test('a release without the values is refused', async () => {
    const bench = await openAttestations();
    const { id: attestationId } = await asked(bench, 1);
    const told = payloadDigest(TOLD);
    const deposit = { requestId: requestId(2), attestationId, payloadDigest: told };
    await bench.callWith(TOLD, ANSWERER, 'attestation:deposit', deposit);
    const record = await bench.ask<Attestation>(
      ANSWERER,
      'attestation:answer',
      answering(3, attestationId, { payloadDigest: told }),
    );
    expect(await bench.refusal(ANSWERER, 'attestation:preview', deciding(4, record))).toBe('ATTESTATION_PAYLOAD');
  });

  test('are read by the two units alone', async () => {
    const bench = await openAttestations();
    const { id } = await asked(bench, 1);
    const colleague = { ...ASKER, unit: STRANGER.unit };
    for (const who of [STRANGER, colleague]) {
      expect(await bench.refusal(who, 'attestation:payloads', id)).toBe('ATTESTATION_NOT_PARTY');
    }
  });
});

describe('steps out of turn', () => {
  const cases: readonly (readonly [Chapter, string, Make, Caller, string])[] = [
    // Who is not the side whose act it is.
    ['REQUESTED', 'attestation:answer', answer, ASKER, 'ATTESTATION_NOT_PARTY'],
    ['REQUESTED', 'attestation:answer', answer, STRANGER, 'ATTESTATION_NOT_PARTY'],
    ['REQUESTED', 'attestation:refuse', refusing, STRANGER, 'ATTESTATION_NOT_PARTY'],
    ['ATTESTED', 'attestation:preview', release, ASKER, 'ATTESTATION_NOT_PARTY'],
    ['RELEASED', 'attestation:accept', accept, ANSWERER, 'ATTESTATION_NOT_PARTY'],
    ['ACCEPTED', 'attestation:use', use, ANSWERER, 'ATTESTATION_NOT_PARTY'],
    ['USED', 'attestation:close', closing, STRANGER, 'ATTESTATION_NOT_PARTY'],
    ['ACCEPTED', 'attestation:withdraw', withdrawal, ASKER, 'ATTESTATION_NOT_PARTY'],
    ['CLOSED', 'attestation:purge', purging, STRANGER, 'ATTESTATION_NOT_PARTY'],
    // What the state does not allow.
    ['ATTESTED', 'attestation:answer', answer, ANSWERER, 'ATTESTATION_STATE'],
    ['ATTESTED', 'attestation:refuse', refusing, ANSWERER, 'ATTESTATION_STATE'],
    ['REQUESTED', 'attestation:accept', otherDigest, ASKER, 'ATTESTATION_STATE'],
    ['REQUESTED', 'attestation:withdraw', withdrawal, ANSWERER, 'ATTESTATION_STATE'],
    ['REQUESTED', 'attestation:purge', purging, ASKER, 'ATTESTATION_STATE'],
    ['RELEASED', 'attestation:use', use, ASKER, 'ATTESTATION_STATE'],
    ['ACCEPTED', 'attestation:close', closing, ASKER, 'ATTESTATION_STATE'],
    ['CLOSED', 'attestation:close', closing, ASKER, 'ATTESTATION_STATE'],
    ['REQUESTED', 'attestation-objection:file', objecting, CLERK, 'ATTESTATION_STATE'],
    // What the holder, the digest, the time and the matter forbid.
    ['ATTESTED', 'attestation:accept', accept, ASKER, 'ATTESTATION_PREVIEW'],
    ['RELEASED', 'attestation:preview', release, ANSWERER, 'ATTESTATION_PREVIEW'],
    ['RELEASED', 'attestation:accept', otherDigest, ASKER, 'ATTESTATION_DIGEST'],
    ['ACCEPTED', 'attestation:use', ({ id }) => using(76, id, OTHER_MATTER), ASKER, 'ATTESTATION_MATTER'],
    ['USED', 'attestation:use', ({ id }) => using(76, id, OTHER_MATTER), ASKER, 'ATTESTATION_MATTER'],
    ['USED', 'attestation:use', use, ASKER, 'ATTESTATION_USED'],
    ['CLOSED', 'attestation:use', use, ASKER, 'ATTESTATION_USED'],
    ['CLOSED', 'attestation-objection:file', objecting, ANSWERER, 'OBJECTION_OWN_RECORD'],
  ];
  test.each(cases)('%s: %s is refused', async (chapter, transaction, make, caller, code) => {
    const bench = await openAttestations();
    const record = await tellTo(chapter, bench);
    expect(await bench.refusal(caller, transaction, make(record))).toBe(code);
  });

  test('unknown numbers are not found, ill-formed ones malformed', async () => {
    const bench = await openAttestations();
    const nobody = { id: `AT${'0'.repeat(32)}` } as Attestation;
    for (const [name, make] of [
      ['withdraw', withdrawal],
      ['close', closing],
      ['use', use],
      ['answer', answer],
    ] as const) {
      expect(await bench.refusal(ASKER, `attestation:${name}`, make(nobody))).toBe('ATTESTATION_NOT_FOUND');
    }
    expect(await bench.refusal(ASKER, 'attestation:get', 'AT1')).toBe('ID_MALFORMED');
    expect(await bench.ask(ASKER, 'attestation:get', nobody.id)).toEqual({ found: false, id: nobody.id });
  });

  test('the signature must be the key that the request named, over this very decision', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ATTESTED', bench);
    const { privateKey } = holderKeyPair();
    const rejected = deciding(8, record, 'rejected') as { decision: string };
    for (const request of [
      deciding(8, record, 'released', privateKey),
      { ...rejected, decision: 'released' },
      { ...rejected, signature: 'A'.repeat(86) },
    ]) {
      expect(await bench.refusal(ANSWERER, 'attestation:preview', request)).toBe('ATTESTATION_SIGNATURE');
    }
    // A key of the right form that is no point of the curve.
    const odd = await asked(bench, 20, asking(20, { holderKey: `BA${'A'.repeat(85)}` }));
    const answered = await bench.ask<Attestation>(ANSWERER, 'attestation:answer', answering(21, odd.id));
    expect(await bench.refusal(ANSWERER, 'attestation:preview', deciding(22, answered))).toBe('ATTESTATION_SIGNATURE');
  });

  test('a duty has no preview', async () => {
    const bench = await openAttestations();
    const { id } = await asked(bench, 1, askingByDuty(1));
    const record = await bench.ask<Attestation>(ANSWERER, 'attestation:answer', answering(2, id));
    expect(await bench.refusal(ANSWERER, 'attestation:preview', deciding(3, record))).toBe('ATTESTATION_PREVIEW');
  });

  test('an answer looks back and ends within a year', async () => {
    const bench = await openAttestations();
    const { id } = await asked(bench, 1);
    for (const more of [
      { asOf: '2026-03-01T08:31:00Z' },
      { validUntil: '2026-03-01T08:30:00Z' },
      { validUntil: '2027-03-03T08:30:00Z' },
    ]) {
      expect(await bench.refusal(ANSWERER, 'attestation:answer', answering(2, id, more))).toBe('REQUEST_MALFORMED');
    }
  });

  test.each([
    ['ATTESTED', 'attestation:preview', release, ANSWERER],
    ['RELEASED', 'attestation:accept', accept, ASKER],
    ['ACCEPTED', 'attestation:use', use, ASKER],
  ] as const)('%s: %s after its time is refused as expired', async (chapter, transaction, make, caller) => {
    const bench = await openAttestations();
    const record = await tellTo(chapter, bench);
    bench.nowMs = Date.parse('2026-03-31T00:00:01Z');
    expect(await bench.refusal(caller, transaction, make(record))).toBe('ATTESTATION_EXPIRED');
  });

  test('an expired one may be purged', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ACCEPTED', bench);
    expect(await bench.refusal(ASKER, 'attestation:purge', purging(record))).toBe('ATTESTATION_STATE');
    bench.nowMs = Date.parse('2026-03-31T00:00:01Z');
    await bench.call(ASKER, 'attestation:purge', purging(record));
    expect(await bench.refusal(ANSWERER, 'attestation:purge', purging(record))).toBe('ATTESTATION_STATE');
  });
});

describe('objections', () => {
  const file = (bench: ContractBench, record: Attestation) =>
    bench.ask<AttestationObjection>(CLERK, 'attestation-objection:file', objecting(record));
  const resolving = ({ id, attestationId }: AttestationObjection, resolution: string, n = 80) => ({
    requestId: requestId(n),
    attestationId,
    objectionId: id,
    resolution,
    documentDigest: digestOf('written answer'),
  });

  test('while one waits nobody may rely on the attestation, take it back or object again', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ACCEPTED', bench);
    await file(bench, record);
    expect(await bench.refusal(ASKER, 'attestation:use', use(record))).toBe('ATTESTATION_DISPUTED');
    expect(await bench.refusal(ANSWERER, 'attestation:withdraw', withdrawal(record))).toBe('ATTESTATION_DISPUTED');
    const again = { ...objecting(record), requestId: requestId(90) };
    expect(await bench.refusal(CLERK, 'attestation-objection:file', again)).toBe('ATTESTATION_DISPUTED');
  });

  test('rejected, it stands as before; a second resolution is refused', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ACCEPTED', bench);
    const objection = await file(bench, record);
    expect(await bench.refusal(ASKER, 'attestation-objection:resolve', resolving(objection, 'rejected'))).toBe(
      'ATTESTATION_NOT_PARTY',
    );
    await bench.call(ANSWERER, 'attestation-objection:resolve', resolving(objection, 'rejected'));
    expect(await bench.refusal(ANSWERER, 'attestation-objection:resolve', resolving(objection, 'upheld', 81))).toBe(
      'OBJECTION_DECIDED',
    );
    expect(await bench.ask(ASKER, 'attestation:use', use(record))).toMatchObject({ state: 'USED', objections: 1 });
  });

  test('upheld, it is withdrawn and the decision that relied on it is flagged', async () => {
    const bench = await openAttestations();
    const record = await tellTo('USED', bench);
    const objection = await file(bench, record);
    await bench.call(ANSWERER, 'attestation-objection:resolve', resolving(objection, 'upheld'));
    expect(await bench.ask(ASKER, 'attestation:get', record.id)).toMatchObject({
      record: { state: 'WITHDRAWN', withdrawal: { reason: 'objection-upheld', flagged: [digestOf('decision 7')] } },
      objections: [{ resolution: { resolution: 'upheld' } }],
    });
  });

  test('an objection that is not there is not found, and one attestation takes twenty', async () => {
    const bench = await openAttestations();
    const record = await tellTo('ACCEPTED', bench);
    const nobody = { id: `AO${'0'.repeat(32)}`, attestationId: record.id } as AttestationObjection;
    expect(await bench.refusal(ANSWERER, 'attestation-objection:resolve', resolving(nobody, 'rejected'))).toBe(
      'OBJECTION_NOT_FOUND',
    );
    for (let n = 0; n < 20; n += 1) {
      const request = { ...objecting(record), requestId: requestId(100 + n) };
      const filed = await bench.ask<AttestationObjection>(CLERK, 'attestation-objection:file', request);
      await bench.call(ANSWERER, 'attestation-objection:resolve', resolving(filed, 'rejected', 200 + n));
    }
    const last = { ...objecting(record), requestId: requestId(130) };
    expect(await bench.refusal(CLERK, 'attestation-objection:file', last)).toBe('ENTRY_LIMIT');
  });
});

describe('R08: a repeated request', () => {
  test('answers with the record as it stands, writes nothing and tells nothing', async () => {
    const bench = await openAttestations();
    const record = await tellTo('CLOSED', bench);
    const repeated = await bench.callWith(SUBJECT, ASKER, 'attestation:request', asking(1));
    const others = [
      await bench.call(ANSWERER, 'attestation:answer', answering(2, record.id)),
      await bench.call(ASKER, 'attestation:accept', accepting(4, record)),
      await bench.call(ASKER, 'attestation:use', using(5, record.id)),
    ];
    for (const { payload, writes, events } of [repeated, ...others]) {
      expect({ writes, events }).toEqual({ writes: 0, events: [] });
      expect(JSON.parse(payload)).toEqual(record);
    }
  });

  test('with other content is refused', async () => {
    const bench = await openAttestations();
    const record = await tellTo('USED', bench);
    const other = asking(1, { purpose: 'benefit' });
    expect(await refusalWith(bench, SUBJECT, ASKER, 'attestation:request', other)).toBe('REQUEST_REUSED');
    const answered = answering(2, record.id, { answer: 'INVALID' });
    expect(await bench.refusal(ANSWERER, 'attestation:answer', answered)).toBe('REQUEST_REUSED');
    const reused = { ...using(5, record.id), decisionReference: digestOf('decision 8') };
    expect(await bench.refusal(ASKER, 'attestation:use', reused)).toBe('REQUEST_REUSED');
    expect(await bench.refusal(PUBLISHER, 'catalogue:publish', item(900, { matters: [MATTER, OTHER_MATTER] }))).toBe(
      'REQUEST_REUSED',
    );
  });

  test('by a colleague is a second act', async () => {
    const bench = await openAttestations();
    const record = await tellTo('USED', bench);
    const colleague = { ...ASKER, name: 'officer-9' };
    expect(await bench.refusal(colleague, 'attestation:use', using(5, record.id))).toBe('ATTESTATION_USED');
  });
});
