import { CALLERS } from '../../../chaincode/roles.js';
import { ROLES } from '../../../domain/actor.js';
import { MAY, type Operation } from '../../../gateway/auth/gate.js';

/**
 * The gateway's operations by the transaction that each comes to; the two tables stand apart because the gateway
 * may not import contracts; here they meet, so that neither can change alone.
 */
const TRANSACTIONS: Readonly<Record<Operation, string | undefined>> = {
  register: 'evidence:register',
  registerBatch: 'evidence:register', // One record that covers many files.
  supersede: 'evidence:supersede',
  object: 'evidence:object',
  decideObjection: 'evidence:decideObjection',
  handOver: 'evidence:handOver',
  answerTransfer: 'evidence:answerTransfer',
  recordAccess: 'evidence:recordAccess',
  read: 'evidence:get',
  timeline: 'evidence:history',
  audit: undefined, // The index alone answers it; no contract is asked.
};
/** What the public may ask at `/v1/verify` and so needs no row of the gate. */
const PUBLIC = ['evidence:find'];

const sorted = (roles: readonly string[]) => [...roles].sort();

test.each(Object.entries(TRANSACTIONS).filter(([, transaction]) => transaction !== undefined))(
  'the gate lets those try %s whom the contract lets call %s',
  (operation, transaction) => {
    const callers = CALLERS[transaction ?? ''] ?? [];
    expect(sorted(MAY[operation as Operation])).toEqual(sorted(callers === 'anyone' ? ROLES : callers));
  },
);

test('every transaction of the evidence contract has its row in the gate', () => {
  const called = Object.keys(CALLERS).filter((name) => name.startsWith('evidence:') && !PUBLIC.includes(name));
  const reached = new Set(Object.values(TRANSACTIONS).flatMap((name) => name ?? []));
  expect(sorted([...reached])).toEqual(sorted(called));
});
