import { createHash } from 'node:crypto';
import { type AttestedRecord, parseAttestedAnswer } from '../../../domain/attestation.js';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { type Evidence } from '../../../domain/evidence.js';
import {
  type Caller,
  CLERK,
  ContractBench,
  COURT,
  digestOf,
  NOTARY,
  NOW_MS,
  READER,
  registration,
  requestId,
} from '../../support/contract-bench.js';

const UNKNOWN = `EV${'0'.repeat(32)}`;

async function recorded(): Promise<{ bench: ContractBench; record: Evidence }> {
  const bench = await ContractBench.open();
  return { bench, record: await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1)) };
}

describe('R25: statements that organisations sign', () => {
  test('a record is attested by its digests, the digest of its stored bytes and its standing; nothing is written', async () => {
    const { bench, record } = await recorded();
    const { payload, writes, events } = await bench.call(READER, 'proof:record', record.id);
    const stored = bench.ledger.values.get(`\0evidence\0${record.id}\0`) ?? '';
    expect(payload).toBe(canonicalJson(JSON.parse(payload) as object));
    expect(parseAttestedAnswer(JSON.parse(payload))).toEqual({
      schema: 'attestation/1',
      subject: ['evidence', record.id],
      found: true,
      record: createHash('sha256').update(stored).digest('hex'),
      recordedAt: record.txTime,
      standing: 'MATCH',
      digests: record.digests,
    });
    expect({ writes, events }).toEqual({ writes: 0, events: [] });
  });

  test('a record that is not there is an answer, so that its absence can be signed', async () => {
    const { bench } = await recorded();
    await bench.callAt(NOW_MS, READER, 'proof:beat');
    const heartbeat = new Date(NOW_MS).toISOString();
    const absence = { schema: 'attestation/1', subject: ['evidence', UNKNOWN], heartbeat, found: false };
    expect(await bench.ask(READER, 'proof:record', UNKNOWN)).toEqual(absence);
    expect(await bench.refusal(READER, 'proof:record', 'EV1')).toBe('ID_MALFORMED');
  });

  test('the standing follows correction, objection and decision; the attested record stays the same', async () => {
    const { bench, record } = await recorded();
    const stored = await bench.ask<{ record: string }>(READER, 'proof:record', record.id);
    const standing = async () => {
      const answer = await bench.ask<AttestedRecord>(READER, 'proof:record', record.id);
      expect(answer.record).toBe(stored.record);
      return [answer.standing, Date.parse(answer.standingSince ?? '') - NOW_MS];
    };
    const at = (ms: number, who: Caller, call: string, request: object) =>
      bench.callAt(NOW_MS + ms, who, `evidence:${call}`, request);
    await at(1_000, CLERK, 'supersede', { ...registration(2), supersedes: record.id });
    expect(await standing()).toEqual(['MATCH_SUPERSEDED', 1_000]);
    const objection = { requestId: requestId(3), evidenceId: record.id, ground: 'source-disputed' };
    const { payload } = await at(2_000, NOTARY, 'object', objection);
    expect(await standing()).toEqual(['MATCH_CONTESTED', 2_000]);
    await at(3_000, { ...COURT, mspId: 'GuangdongMSP' }, 'decideObjection', {
      requestId: requestId(4),
      evidenceId: record.id,
      objectionId: (JSON.parse(payload) as { id: string }).id,
      decision: 'upheld',
      documentDigest: digestOf('decision'),
    });
    expect(await standing()).toEqual(['MATCH_ANNULLED', 3_000]);
  });

  test('R05 a digest is attested under its algorithm alone, present or absent', async () => {
    const { bench, record } = await recorded();
    const digest = digestOf('file 1');
    const found = await bench.ask<AttestedRecord>(READER, 'proof:digest', 'sha-256', digest);
    expect(found).toEqual(await bench.ask(READER, 'proof:record', record.id));
    expect(await bench.ask(READER, 'proof:digest', 'sm3', digest)).toEqual({
      schema: 'attestation/1',
      subject: ['digest', 'sm3', digest],
      found: false,
    });
  });
});

describe('the heartbeat', () => {
  test('is written at most once a second of transaction time and never goes back', async () => {
    const bench = await ContractBench.open();
    const beat = async (afterMs: number) => {
      const { payload, writes } = await bench.callAt(NOW_MS + afterMs, READER, 'proof:beat');
      return { at: (JSON.parse(payload) as { txTime: string }).txTime, writes };
    };
    const at = (afterMs: number) => new Date(NOW_MS + afterMs).toISOString();
    expect(await beat(0)).toEqual({ at: at(0), writes: 1 });
    expect(await beat(999)).toEqual({ at: at(0), writes: 0 });
    expect(await beat(1_000)).toEqual({ at: at(1_000), writes: 1 });
    expect(await beat(-5_000)).toEqual({ at: at(1_000), writes: 0 });
  });
});
