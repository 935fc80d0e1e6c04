import { type EvidenceView, type GetResult } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import { type Objection } from '../../../domain/objection.js';
import { judgeRecord, judgeRecords } from '../../../domain/verdict.js';
import {
  CLERK,
  ContractBench,
  COURT,
  digestOf,
  NOTARY,
  READER,
  registration,
  requestId,
} from '../../support/contract-bench.js';

const COURT_OF_A_THIRD = { ...COURT, mspId: 'GuangdongMSP' };

async function verdictOf(bench: ContractBench, id: string): Promise<string> {
  const result = await bench.ask<GetResult>(READER, 'evidence:get', id);
  return result.found ? judgeRecord(result) : judgeRecords([]);
}

describe('R11 and R15: what the chain holds decides the verdict, the digest stays', () => {
  test('an objection contests, its decision closes it, and each step keeps the record as it was', async () => {
    const bench = await ContractBench.open();
    const record = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const verdicts = [await verdictOf(bench, record.id)];
    for (const [n, decision] of ['rejected', 'upheld'].entries()) {
      const about = { evidenceId: record.id };
      const filed = { requestId: requestId(10 + n), ...about, ground: 'source-disputed' };
      const { id: objectionId } = await bench.ask<Objection>(NOTARY, 'evidence:object', filed);
      verdicts.push(await verdictOf(bench, record.id));
      const ruling = {
        requestId: requestId(20 + n),
        ...about,
        objectionId,
        decision,
        documentDigest: digestOf('ruling'),
      };
      await bench.call(COURT_OF_A_THIRD, 'evidence:decideObjection', ruling);
      verdicts.push(await verdictOf(bench, record.id));
    }
    expect(verdicts).toEqual(['MATCH', 'MATCH_CONTESTED', 'MATCH', 'MATCH_CONTESTED', 'MATCH_ANNULLED']);
    const view = await bench.ask<EvidenceView>(READER, 'evidence:get', record.id);
    expect(view.record).toEqual(record);
    expect(view.objections.map(({ decision }) => decision?.decision).sort()).toEqual(['rejected', 'upheld']);
  });

  test('a corrected record is superseded', async () => {
    const bench = await ContractBench.open();
    const { id } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const next = await bench.ask<Evidence>(CLERK, 'evidence:supersede', registration(2, { supersedes: id }));
    expect([await verdictOf(bench, id), await verdictOf(bench, next.id)]).toEqual(['MATCH_SUPERSEDED', 'MATCH']);
  });
});

describe('R14: not found is an answer that peers endorse, not an error', () => {
  test('an unknown id and an unknown digest are successes that say so', async () => {
    const bench = await ContractBench.open();
    const id = `EV${'0'.repeat(32)}`;
    expect((await bench.call(READER, 'evidence:get', id)).payload).toBe(`{"found":false,"id":"${id}"}`);
    expect((await bench.call(READER, 'evidence:find', 'sm3', digestOf('x', 'sm3'), '')).payload).toBe('{"records":[]}');
    expect(await verdictOf(bench, id)).toBe('NOT_FOUND');
  });

  test('a malformed id is a refusal, so that a typing error is never a proof of absence', async () => {
    const bench = await ContractBench.open();
    expect(await bench.refusal(READER, 'evidence:get', `EV${'0'.repeat(31)}`)).toBe('ID_MALFORMED');
    expect(await bench.refusal(READER, 'evidence:history', 'x')).toBe('ACTOR_MALFORMED');
    expect(await bench.refusal(CLERK, 'evidence:history', `EV${'0'.repeat(32)}`)).toBe('EVIDENCE_NOT_FOUND');
  });
});
