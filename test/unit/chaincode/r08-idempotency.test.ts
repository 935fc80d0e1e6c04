import { type Transfer } from '../../../domain/custody.js';
import { type FindResult } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import { type Objection } from '../../../domain/objection.js';
import {
  type Caller,
  CLERK,
  COURT,
  ContractBench,
  digestOf,
  NOTARY,
  OFFICER,
  READER,
  registration,
  requestId,
} from '../../support/contract-bench.js';

interface Step {
  readonly name: string;
  readonly caller: Caller;
  readonly transaction: string;
  readonly request: object;
  readonly other: object;
}

/** A ledger on which every kind of write can be asked for next. */
async function story(): Promise<{ bench: ContractBench; steps: Step[] }> {
  const bench = await ContractBench.open();
  const { id: evidenceId } = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
  const salted = digestOf('salt');
  const objection = { requestId: requestId(11), evidenceId, ground: 'source-disputed' };
  const { id: objectionId } = await bench.ask<Objection>(NOTARY, 'evidence:object', objection);
  const offer = { requestId: requestId(12), evidenceId, to: { mspId: NOTARY.mspId, unit: NOTARY.unit } };
  const handOver = { ...offer, purpose: 'notarisation' };
  const { id: transferId } = await bench.ask<Transfer>(CLERK, 'evidence:handOver', handOver);
  const decision = { requestId: requestId(13), evidenceId, objectionId, decision: 'rejected', documentDigest: salted };
  const answer = { requestId: requestId(14), evidenceId, transferId, answer: 'accepted' };
  const access = { requestId: requestId(15), evidenceId, purpose: 'court-hearing' };
  const second = registration(2);
  const correction = registration(3, { supersedes: evidenceId });
  const step = (caller: Caller, name: string, request: object, other: object): Step => ({
    ...{ name, caller, transaction: `evidence:${name}`, request },
    other: { ...request, ...other },
  });
  return {
    bench,
    steps: [
      step(CLERK, 'register', second, { kind: 'audio' }),
      step(CLERK, 'supersede', correction, { interest: 'party' }),
      step(OFFICER, 'object', { ...objection, detailDigest: salted }, { ground: 'unlawful-collection' }),
      step({ ...COURT, mspId: 'GuangdongMSP' }, 'decideObjection', decision, { decision: 'upheld' }),
      step(CLERK, 'handOver', handOver, { purpose: 'return' }),
      step(NOTARY, 'answerTransfer', answer, { answer: 'declined' }),
      step(OFFICER, 'recordAccess', access, { changed: true, justificationDigest: salted }),
    ],
  };
}

const WRITES = ['register', 'supersede', 'object', 'decideObjection', 'handOver', 'answerTransfer', 'recordAccess'];

describe('R08: the same request twice is one record', () => {
  test.each(WRITES)('%s again answers with the first result, writes nothing and tells nothing', async (name) => {
    const { bench, steps } = await story();
    const { caller, transaction, request } = steps.find((step) => step.name === name) as Step;
    const first = await bench.call(caller, transaction, request);
    const again = await bench.call(caller, transaction, request);
    expect(again.payload).toBe(first.payload);
    expect({ writes: again.writes, events: again.events }).toEqual({ writes: 0, events: [] });
    expect(first.payload).not.toContain(again.txId);
  });

  test.each(WRITES)('%s with other content under the same request id is refused', async (name) => {
    const { bench, steps } = await story();
    const { caller, transaction, request, other } = steps.find((step) => step.name === name) as Step;
    await bench.call(caller, transaction, request);
    expect(await bench.refusal(caller, transaction, other)).toBe('REQUEST_REUSED');
  });

  test.each(WRITES)('%s by a colleague is no retry', async (name) => {
    const { bench, steps } = await story();
    const { caller, transaction, request } = steps.find((step) => step.name === name) as Step;
    const first = await bench.call(caller, transaction, request);
    const again = await bench
      .call({ ...caller, name: 'someone-else' }, transaction, request)
      .then(({ payload }) => payload, String);
    expect(again).not.toBe(first.payload);
  });

  test('a member left out by the retry is other content', async () => {
    const bench = await ContractBench.open();
    await bench.call(CLERK, 'evidence:register', registration(1, { caseReference: digestOf('case') }));
    expect(await bench.refusal(CLERK, 'evidence:register', registration(1))).toBe('REQUEST_REUSED');
  });

  test('a new certificate of the same person, in another role, is still the same caller', async () => {
    const bench = await ContractBench.open();
    const first = await bench.call(CLERK, 'evidence:register', registration(1));
    const again = await bench.call({ ...CLERK, role: 'officer' }, 'evidence:register', registration(1));
    expect(again.payload).toBe(first.payload);
  });

  test('others may record the same digest under the same request id, and a search lists them all', async () => {
    const bench = await ContractBench.open();
    const a = await bench.ask<Evidence>(CLERK, 'evidence:register', registration(1));
    const b = await bench.ask<Evidence>({ ...CLERK, mspId: 'ZhejiangMSP' }, 'evidence:register', registration(1));
    const c = await bench.ask<Evidence>({ ...CLERK, unit: OFFICER.unit }, 'evidence:register', registration(1));
    const { records } = await bench.ask<FindResult>(READER, 'evidence:find', 'sm3', digestOf('file 1', 'sm3'), '');
    expect(records.map(({ record }) => record.id)).toEqual([a.id, b.id, c.id].sort());
    expect(new Set(records.map(({ record }) => record.submitter.mspId))).toEqual(
      new Set(['ChongqingMSP', 'ZhejiangMSP']),
    );
  });
});
