import { type Transfer } from '../../../domain/custody.js';
import { parseEvidenceEvent } from '../../../domain/evidence-event.js';
import { EVIDENCE_EVENT_KINDS, type HistoryEntry } from '../../../domain/evidence-view.js';
import { type Evidence } from '../../../domain/evidence.js';
import { type Objection } from '../../../domain/objection.js';
import {
  AUDITOR,
  type Caller,
  CLERK,
  ContractBench,
  COURT,
  digestOf,
  NOTARY,
  NOW_MS,
  OFFICER,
  type Outcome,
  registration,
  requestId,
} from '../../support/contract-bench.js';

const UNIT = { mspId: NOTARY.mspId, unit: NOTARY.unit };

/** One act of every kind on one record, a second apart, in an order that is not the order of their kinds. */
async function everything(): Promise<{ bench: ContractBench; evidenceId: string; outcomes: Outcome[] }> {
  const bench = await ContractBench.open();
  const outcomes: Outcome[] = [];
  let n = 0;
  const act = async <Answer>(caller: Caller, name: string, request: object): Promise<Answer> => {
    n += 1;
    const full = { requestId: requestId(n), ...request };
    const outcome = await bench.callAt(NOW_MS + n * 1000, caller, `evidence:${name}`, full);
    outcomes.push(outcome);
    return JSON.parse(outcome.payload) as Answer;
  };
  const { id: evidenceId } = await act<Evidence>(CLERK, 'register', {
    ...registration(1),
    caseReference: digestOf('c'),
  });
  const about = { evidenceId };
  const offer = { ...about, to: UNIT, purpose: 'notarisation' };
  const { id: transferId } = await act<Transfer>(CLERK, 'handOver', offer);
  await act(OFFICER, 'recordAccess', { ...about, purpose: 'examination' });
  const { id: objectionId } = await act<Objection>(NOTARY, 'object', { ...about, ground: 'identity-disputed' });
  await act(NOTARY, 'answerTransfer', { ...about, transferId, answer: 'accepted' });
  const court = { ...COURT, mspId: 'GuangdongMSP' };
  await act(court, 'decideObjection', { ...about, objectionId, decision: 'rejected', documentDigest: digestOf('r') });
  await act(CLERK, 'supersede', { ...registration(9), requestId: requestId(7), supersedes: evidenceId });
  return { bench, evidenceId, outcomes };
}

const ORDER = [
  'evidence.registered',
  'evidence.handed-over',
  'evidence.accessed',
  'evidence.objected',
  'evidence.transfer-answered',
  'evidence.decided',
  'evidence.superseded',
];

describe('events', () => {
  test('every write tells exactly one event, named after its kind, that the parser reads back unchanged', async () => {
    const { outcomes, evidenceId } = await everything();
    expect(outcomes.map(({ events }) => events.map(({ name }) => name))).toEqual(ORDER.map((kind) => [kind]));
    for (const { events } of outcomes) {
      const payload = events[0]?.payload ?? '';
      const event = parseEvidenceEvent(payload);
      expect(event).toEqual(JSON.parse(payload));
      expect(event).toMatchObject({ kind: events[0]?.name, evidenceId });
    }
    expect([...ORDER].sort()).toEqual([...EVIDENCE_EVENT_KINDS].sort());
  });

  test('a correction tells about the old record and brings what an index needs of the new one', async () => {
    const { outcomes } = await everything();
    const event = parseEvidenceEvent(outcomes.at(-1)?.events[0]?.payload);
    expect(event).toMatchObject({ evidenceKind: 'document', digests: { 'sha-256': digestOf('file 9') } });
  });

  test('reads tell nothing', async () => {
    const { bench, evidenceId } = await everything();
    const { events, writes } = await bench.call(CLERK, 'evidence:get', evidenceId);
    expect({ events, writes }).toEqual({ events: [], writes: 0 });
  });
});

describe('history', () => {
  test('holds every act once, oldest first, with the transaction that did it', async () => {
    const { bench, evidenceId, outcomes } = await everything();
    const history = await bench.ask<HistoryEntry[]>(CLERK, 'evidence:history', evidenceId);
    expect(history.map(({ kind }) => kind)).toEqual(ORDER);
    expect(history.map(({ txId }) => txId)).toEqual(outcomes.map(({ txId }) => txId));
  });

  test.each<[string, Caller, boolean]>([
    ["the owner's colleague in another unit", { ...CLERK, unit: '115000000092760022', role: 'issuer' }, true],
    ['an auditor of another organisation', AUDITOR, true],
    ['the objector', NOTARY, false],
    ['an officer of another organisation', OFFICER, false],
  ])('%s reads it: %s', async (_case, caller, allowed) => {
    const { bench, evidenceId } = await everything();
    const code = await bench.call(caller, 'evidence:history', evidenceId).then(
      () => 'read',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(code).toBe(allowed ? 'read' : 'NOT_OWNER');
  });
});
