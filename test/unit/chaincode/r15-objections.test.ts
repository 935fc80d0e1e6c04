import { type Evidence } from '../../../domain/evidence.js';
import { type Objection } from '../../../domain/objection.js';
import {
  type Caller,
  CLERK,
  ContractBench,
  COURT,
  digestOf,
  NOTARY,
  registration,
  requestId,
} from '../../support/contract-bench.js';

interface Filed {
  readonly bench: ContractBench;
  readonly evidenceId: string;
  readonly objectionId: string;
}

async function filed(): Promise<Filed> {
  const bench = await ContractBench.open();
  const { id: evidenceId } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
  const request = {
    requestId: requestId(1),
    evidenceId,
    ground: 'contrary-evidence',
    contrary: { 'sha-256': digestOf('c') },
  };
  const objection = await bench.ask<Objection>(NOTARY, 'evidence:object', request);
  expect(objection).toMatchObject({ objector: { name: 'notary-3' }, contrary: request.contrary });
  return { bench, evidenceId, objectionId: objection.id };
}

function ruling({ evidenceId, objectionId }: Filed, n: number, more: object = {}): object {
  return {
    requestId: requestId(n),
    evidenceId,
    objectionId,
    decision: 'upheld',
    documentDigest: digestOf('r'),
    ...more,
  };
}

describe('R15: objections and their decision', () => {
  test.each([
    ['the submitter', CLERK, 'OBJECTION_OWN_RECORD'],
    ['a colleague of the submitter', { ...CLERK, name: 'clerk-8' }, 'OBJECTION_OWN_RECORD'],
  ])('%s cannot object', async (_case, caller, code) => {
    const { bench, evidenceId } = await filed();
    const request = { requestId: requestId(2), evidenceId, ground: 'altered-before-recording' };
    expect(await bench.refusal(caller, 'evidence:object', request)).toBe(code);
  });

  test('a unit of the same name in another organisation is another unit', async () => {
    const { bench, evidenceId } = await filed();
    const request = { requestId: requestId(2), evidenceId, ground: 'altered-before-recording' };
    await bench.call({ ...CLERK, mspId: 'GuangdongMSP' }, 'evidence:object', request);
  });

  test('a reason in words is refused: the chain takes a word of the list and salted digests', async () => {
    const { bench, evidenceId } = await filed();
    const request = {
      requestId: requestId(2),
      evidenceId,
      ground: 'source-disputed',
      reason: '张三 500101199001011234',
    };
    const call = bench.call(NOTARY, 'evidence:object', request);
    await expect(call).rejects.not.toThrow(/张三|5001|reason/);
  });

  test.each<[string, Caller, string]>([
    ["the submitter's unit", { ...CLERK, name: 'clerk-9' }, 'OBJECTION_OWN_RECORD'],
    ["the objector's unit", { ...NOTARY, role: 'clerk' }, 'OBJECTION_OWN_RECORD'],
    ['a notary', NOTARY, 'ROLE_NOT_ALLOWED'],
  ])('%s cannot decide', async (_case, caller, code) => {
    const story = await filed();
    expect(await story.bench.refusal(caller, 'evidence:decideObjection', ruling(story, 3))).toBe(code);
  });

  test('a decision is made once, and a second court learns of the first', async () => {
    const story = await filed();
    await story.bench.call(COURT, 'evidence:decideObjection', ruling(story, 3));
    const second = story.bench.call(COURT, 'evidence:decideObjection', ruling(story, 4, { decision: 'rejected' }));
    await expect(second).rejects.toMatchObject({ code: 'OBJECTION_DECIDED', details: { decision: 'upheld' } });
  });

  test('an objection to another record, or to none, is not found', async () => {
    const story = await filed();
    const { id: other } = await story.bench.ask<Evidence>(CLERK, 'evidence:register', registration(2));
    const astray = ruling(story, 3, { evidenceId: other });
    expect(await story.bench.refusal(COURT, 'evidence:decideObjection', astray)).toBe('OBJECTION_NOT_FOUND');
    const nowhere = { requestId: requestId(2), evidenceId: `EV${'0'.repeat(32)}`, ground: 'source-disputed' };
    expect(await story.bench.refusal(NOTARY, 'evidence:object', nowhere)).toBe('EVIDENCE_NOT_FOUND');
  });

  test('a record takes a bounded number of objections', async () => {
    const { bench, evidenceId } = await filed();
    const file = (n: number) => ({ requestId: requestId(100 + n), evidenceId, ground: 'source-disputed' });
    for (let n = 1; n < 100; n += 1) await bench.call(NOTARY, 'evidence:object', file(n));
    expect(await bench.refusal(NOTARY, 'evidence:object', file(100))).toBe('ENTRY_LIMIT');
  });
});
