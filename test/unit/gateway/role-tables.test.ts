import { CALLERS } from '../../../chaincode/roles.js';
import { ROLES } from '../../../domain/actor.js';
import { MAY, type Operation } from '../../../gateway/auth/gate.js';

/**
 * Operations of the gateway that do not go by their transaction's own name. The two tables stand apart because the
 * gateway may not import contracts; here they meet, so that neither can change alone.
 */
const OTHER_NAMES: Readonly<Record<string, string | undefined>> = {
  registerBatch: 'evidence:register', // One record that covers many files.
  read: 'evidence:get',
  timeline: 'evidence:history',
  job: undefined, // The gateway's own outbox answers it.
  audit: undefined, // The index alone answers it; no contract is asked.
};
/** What the public may ask at `/v1/verify` and so needs no row of the gate. */
const PUBLIC = ['evidence:find'];

const transactionOf = (operation: string): string | undefined => {
  if (operation in OTHER_NAMES) return OTHER_NAMES[operation];
  return operation.includes(':') ? operation : `evidence:${operation}`;
};
const ROWS = Object.keys(MAY).map((operation) => [operation as Operation, transactionOf(operation)] as const);

const sorted = (roles: readonly string[]) => [...roles].sort();

test.each(ROWS.filter(([, transaction]) => transaction !== undefined))(
  'the gate lets those try %s whom the contract lets call %s',
  (operation, transaction) => {
    const callers = CALLERS[transaction ?? ''] ?? [];
    expect(sorted(MAY[operation])).toEqual(sorted(callers === 'anyone' ? ROLES : callers));
  },
);

test('every transaction of the evidence contract has its row in the gate', () => {
  const called = Object.keys(CALLERS).filter((name) => name.startsWith('evidence:') && !PUBLIC.includes(name));
  const reached = new Set(ROWS.flatMap(([, name]) => (name?.startsWith('evidence:') === true ? [name] : [])));
  expect(sorted([...reached])).toEqual(sorted(called));
});
