import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';

/** What the chain adds to a request when it writes it down; all else in a stored value is the request itself. */
const ADDED: ReadonlySet<string> = new Set([
  ...['schema', 'id', 'txId', 'txTime', 'submitter', 'objector', 'court', 'giver', 'actor'],
  ...['from', 'sequence', 'state', 'answeredBy', 'answerRequestId', 'answerTxId', 'answerTxTime'],
  'gap',
]);

/**
 * Pure. A retry under the same request id must ask for the same thing; then the first answer is given again and
 * nothing is written (requirement R08). @throws REQUEST_REUSED
 */
export function checkRepeat(stored: object, wanted: object): void {
  const asked = Object.entries(stored).filter(([name]) => !ADDED.has(name));
  if (canonicalJson(Object.fromEntries(asked)) !== canonicalJson(wanted)) throw new DomainError('REQUEST_REUSED');
}
