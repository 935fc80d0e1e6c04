import { EXIT, refusalExit, verdictExit } from '../../../cli/exit-codes.js';
import { ERROR_CODES } from '../../../domain/errors.js';
import { VERDICTS } from '../../../domain/verdict.js';

test('every verdict has its exit code: 0 match, 1 mismatch or not found, 2 cannot decide', () => {
  expect(Object.fromEntries(VERDICTS.map((verdict) => [verdict, verdictExit(verdict)]))).toEqual({
    MATCH: 0,
    MATCH_SUPERSEDED: 0,
    MATCH_CONTESTED: 0,
    MATCH_ANNULLED: 1,
    MISMATCH: 1,
    NOT_FOUND: 1,
    UNVERIFIABLE_NOW: 2,
  });
});

test('an unknown outcome is never a plain no', () => {
  const undecided = ERROR_CODES.filter((code) => refusalExit(code) === EXIT.cannotDecide);
  expect(new Set(undecided)).toEqual(
    new Set([
      ...['RATE_EXCEEDED', 'CONSORTIUM_UNSET', 'LEDGER_BUSY', 'OUTBOX_FULL'],
      ...['OUTCOME_UNKNOWN', 'ORDERERS_UNAVAILABLE', 'UNVERIFIABLE_NOW'],
    ]),
  );
  expect(refusalExit('NETWORK_DOWN')).toBe(2);
});

test('a refusal is 1, misuse of the command line is 64', () => {
  expect(refusalExit('ROLE_NOT_ALLOWED')).toBe(1);
  expect(refusalExit('EVIDENCE_NOT_FOUND')).toBe(1);
  const misuse = ['USAGE', 'USER_UNKNOWN', 'FILE_UNREADABLE', 'REQUEST_MALFORMED', 'DIGEST_MALFORMED'] as const;
  expect(misuse.map((code) => refusalExit(code))).toEqual([64, 64, 64, 64, 64]);
  // A script must not read a misspelt algorithm or number as "not found".
  expect([refusalExit('ALGORITHM_REFUSED'), refusalExit('ID_MALFORMED')]).toEqual([64, 64]);
});
