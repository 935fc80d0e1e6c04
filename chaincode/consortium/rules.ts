import { type ConfigureRequest, type Consortium } from '../../domain/consortium.js';
import { DomainError } from '../../domain/errors.js';
import { type TxFacts } from '../ledger-context.js';

/** Pure. Whether the list already stands, so that nothing needs to be written. */
export function isConfigured(current: Consortium | undefined, wanted: ConfigureRequest): current is Consortium {
  return current?.members.join() === wanted.members.join(); // Both sorted, and no MSP id holds a comma.
}

/** Pure. @throws CONSORTIUM_NOT_MEMBER where a first list leaves its author's organisation out. */
export function configure(
  current: Consortium | undefined,
  wanted: ConfigureRequest,
  { actor, txId, txTime }: TxFacts,
): Consortium {
  // An organisation may vote itself out later; a first list by a stranger is a mistake or an attack.
  if (current === undefined) checkMember(actor.mspId, wanted.members, 'caller');
  return { schema: 'consortium/1', members: wanted.members, configuredBy: actor, txId, txTime };
}

/** Pure. @returns the members. @throws CONSORTIUM_UNSET before the first list. */
export function requireMembers(current: Consortium | undefined): readonly string[] {
  if (current === undefined) throw new DomainError('CONSORTIUM_UNSET');
  return current.members;
}

/** Pure. @param where which organisation was asked about. @throws CONSORTIUM_NOT_MEMBER */
export function checkMember(mspId: string, members: readonly string[], where: string): void {
  if (!members.includes(mspId)) throw new DomainError('CONSORTIUM_NOT_MEMBER', { where });
}
