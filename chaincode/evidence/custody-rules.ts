import { type Actor } from '../../domain/actor.js';
import {
  type Access,
  type AccessRequest,
  type AnswerTransferRequest,
  type Custody,
  type HandOverRequest,
  sameHolder,
  type Transfer,
} from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { type Evidence } from '../../domain/evidence.js';
import { type EntryId } from '../../domain/ids.js';
import { eachOf, type KeyPolicy, ownerAndOneMore } from '../endorsement-policy.js';
import { type TxFacts } from '../ledger-context.js';
import { TRANSFERS_MAX } from './limits.js';
import { holderOf } from './record-rules.js';

/** A hand-over and the custody it leads to: the two values one transaction writes. */
export interface Movement {
  readonly transfer: Transfer;
  readonly custody: Custody;
}

/** Pure. Custody begins with the unit that submitted the record. */
export function firstCustody({ id, submitter }: Evidence): Custody {
  return { schema: 'custody/1', evidenceId: id, holder: holderOf(submitter), transferCount: 0 };
}

/**
 * Pure. The holder's signature opens a hand-over; custody does not move before the receiver's (requirement R20).
 * @throws CUSTODY_NOT_HOLDER, CUSTODY_PENDING while another one waits, REQUEST_MALFORMED to itself, ENTRY_LIMIT
 */
export function openTransfer(
  custody: Custody,
  wanted: HandOverRequest,
  id: EntryId,
  { actor, txId, txTime }: TxFacts,
): Movement {
  const from = custody.holder;
  if (!sameHolder(from, holderOf(actor))) throw new DomainError('CUSTODY_NOT_HOLDER');
  if (custody.pending !== undefined) throw new DomainError('CUSTODY_PENDING', { transferId: custody.pending });
  if (sameHolder(from, wanted.to)) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'to', wanted: 'a unit other than the holder' });
  }
  const sequence = custody.transferCount + 1;
  if (sequence > TRANSFERS_MAX) throw new DomainError('ENTRY_LIMIT', { entriesMax: TRANSFERS_MAX });
  const transfer: Transfer = {
    schema: 'transfer/1',
    state: 'pending',
    id,
    sequence,
    from,
    giver: actor,
    txId,
    txTime,
    ...wanted,
  };
  return { transfer, custody: { ...custody, transferCount: sequence, pending: id } };
}

/**
 * Pure. The receiver accepts or declines, the giver's unit may withdraw; custody moves only on `accepted`.
 * @throws CUSTODY_NOT_PENDING, CUSTODY_NOT_RECEIVER, CUSTODY_NOT_HOLDER
 */
export function answerTransfer(
  custody: Custody,
  transfer: Transfer | undefined,
  wanted: AnswerTransferRequest,
  { actor, txId, txTime }: TxFacts,
): Movement {
  if (transfer?.state !== 'pending') throw new DomainError('CUSTODY_NOT_PENDING');
  const { pending: _, ...settled } = custody;
  checkAnswerer(transfer, wanted, actor);
  const { requestId: answerRequestId, answer: state } = wanted;
  const answered: Transfer = {
    ...transfer,
    state,
    answeredBy: actor,
    answerRequestId,
    answerTxId: txId,
    answerTxTime: txTime,
  };
  return { transfer: answered, custody: state === 'accepted' ? { ...settled, holder: transfer.to } : settled };
}

function checkAnswerer({ from, to }: Transfer, { answer }: AnswerTransferRequest, actor: Actor): void {
  if (answer === 'withdrawn') {
    if (!sameHolder(from, holderOf(actor))) throw new DomainError('CUSTODY_NOT_HOLDER');
  } else if (!sameHolder(to, holderOf(actor))) throw new DomainError('CUSTODY_NOT_RECEIVER');
}

/**
 * Pure. Whether a transfer already carries this caller's answer under this request id.
 * @throws REQUEST_REUSED where the id stands for another answer
 */
export function isAnswered(transfer: Transfer | undefined, wanted: AnswerTransferRequest, actor: Actor): boolean {
  if (transfer === undefined || transfer.state === 'pending') return false;
  const { answeredBy, answerRequestId, state } = transfer;
  const sameCaller = sameHolder(holderOf(answeredBy), holderOf(actor)) && answeredBy.name === actor.name;
  if (!sameCaller || answerRequestId !== wanted.requestId) return false;
  if (state !== wanted.answer) throw new DomainError('REQUEST_REUSED');
  return true;
}

/**
 * Pure. Who must endorse the next change of a record's custody: while an offer to another organisation waits, both;
 * otherwise the holder and one more member.
 */
export function custodyPolicy({ transfer, custody }: Movement, members: readonly string[]): KeyPolicy {
  const { from, to, state } = transfer;
  if (state === 'pending' && from.mspId !== to.mspId) return eachOf([from.mspId, to.mspId]);
  return ownerAndOneMore(custody.holder.mspId, members);
}

/** Pure. 调取记录: what the caller says about looking at the original. */
export function makeAccess(wanted: AccessRequest, id: EntryId, { actor, txId, txTime }: TxFacts): Access {
  return { schema: 'access/1', id, actor, txId, txTime, ...wanted };
}
