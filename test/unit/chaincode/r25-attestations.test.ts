import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../domain/canonical-json.js';
import { type Evidence } from '../../../domain/evidence.js';
import {
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
  test('a record is attested by its digests, the digest of all of it, and its standing; nothing is written', async () => {
    const { bench, record } = await recorded();
    const { payload, writes, events } = await bench.call(READER, 'proof:record', record.id);
    const digest = createHash('sha256').update(canonicalJson(record)).digest('hex');
    expect(payload).toBe(canonicalJson({ found: true, digests: record.digests, record: digest, standing: 'recorded' }));
    expect({ writes, events }).toEqual({ writes: 0, events: [] });
  });

  test('a record that is not there is an answer, so that its absence can be signed', async () => {
    const { bench } = await recorded();
    expect(await bench.ask(READER, 'proof:record', UNKNOWN)).toEqual({ found: false });
    expect(await bench.refusal(READER, 'proof:record', 'EV1')).toBe('ID_MALFORMED');
  });

  test('the standing follows objection, decision and correction, and the attested record stays the same', async () => {
    const { bench, record } = await recorded();
    const { record: before } = await bench.ask<{ record: string }>(READER, 'proof:record', record.id);
    const standing = () => bench.ask(READER, 'proof:record', record.id);
    const successor = await bench.ask<Evidence>(CLERK, 'evidence:supersede', {
      ...registration(2),
      supersedes: record.id,
    });
    const superseded = { record: before, supersededBy: successor.id };
    expect(await standing()).toMatchObject({ ...superseded, standing: 'superseded' });
    const objection = { requestId: requestId(3), evidenceId: record.id, ground: 'source-disputed' };
    const { id: objectionId } = await bench.ask<{ id: string }>(NOTARY, 'evidence:object', objection);
    expect(await standing()).toMatchObject({ ...superseded, standing: 'contested' });
    await bench.call({ ...COURT, mspId: 'GuangdongMSP' }, 'evidence:decideObjection', {
      requestId: requestId(4),
      evidenceId: record.id,
      objectionId,
      decision: 'upheld',
      documentDigest: digestOf('decision'),
    });
    expect(await standing()).toMatchObject({ ...superseded, standing: 'annulled' });
  });

  test('R05 a digest is attested under its algorithm alone, present or absent', async () => {
    const { bench, record } = await recorded();
    const sha256 = digestOf('file 1');
    expect(await bench.ask(READER, 'proof:digest', 'sha-256', sha256)).toEqual({
      found: true,
      ids: [record.id],
      more: false,
    });
    expect(await bench.ask(READER, 'proof:digest', 'sm3', sha256)).toEqual({ found: false });
  });

  test('a digest of many records names the first ones and says that there are more', async () => {
    const bench = await ContractBench.open();
    const digests = { 'sha-256': digestOf('same') };
    for (let n = 1; n <= 21; n += 1) await bench.call(CLERK, 'evidence:register', registration(n, { digests }));
    const answer = await bench.ask<{ ids: string[]; more: boolean }>(
      READER,
      'proof:digest',
      'sha-256',
      digestOf('same'),
    );
    expect({ count: answer.ids.length, more: answer.more }).toEqual({ count: 20, more: true });
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
