import { Info, Returns, Transaction } from 'fabric-contract-api';
import { parseMspId } from '../../domain/actor.js';
import { type AttestationEvent } from '../../domain/attestation-event.js';
import {
  compareStatements,
  parsePeriod,
  parseReconcileRequest,
  type ReconcileRequest,
  type ReconciliationStatement,
} from '../../domain/attestation-reconciliation.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { ownerAndOneMore } from '../endorsement-policy.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { readState, type StateStub, writeState } from '../state.js';
import { checkSame, isSameCaller } from './repeats.js';

/**
 * 对账: each organisation states what its own books count of a month's dealings with another; the contract compares.
 * Key: `reconciliation` with poster, counterparty and month.
 */
@Info({ title: 'reconciliation', description: 'Monthly counts of attestations, stated by both sides.' })
export class ReconciliationContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('reconciliation', clock);
  }

  /**
   * Posts a statement; a later one takes its place, and both stay on the chain.
   * @param request JSON of `ReconcileRequest`. @returns canonical JSON of the stored `ReconciliationStatement`.
   * @throws REQUEST_MALFORMED, ID_MALFORMED, REQUEST_REUSED, CONSORTIUM_UNSET, CONSORTIUM_NOT_MEMBER
   */
  @Transaction()
  @Returns('string')
  async post(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseReconcileRequest(request);
    const { actor, txId, txTime } = ctx.facts;
    const { counterparty, period } = wanted;
    if (counterparty === actor.mspId) {
      throw new DomainError('REQUEST_MALFORMED', { where: 'counterparty', wanted: 'another organisation' });
    }
    const key = keyOf(ctx.stub, actor.mspId, counterparty, period);
    const present = await readState<ReconciliationStatement>(ctx.stub, key);
    if (present?.requestId === wanted.requestId && isSameCaller(present.by, actor)) {
      checkSame(requestOf(present), wanted);
      return canonicalJson(present);
    }
    const members = requireMembers(await readConsortium(ctx.stub));
    checkMember(actor.mspId, members, 'caller');
    checkMember(counterparty, members, 'counterparty');
    const statement: ReconciliationStatement = { schema: 'reconciliation/1', by: actor, txId, txTime, ...wanted };
    await writeState(ctx.stub, key, statement, ownerAndOneMore(actor.mspId, members));
    const event: AttestationEvent = { kind: 'reconciliation.posted', actor, txTime, counterparty, period };
    ctx.emit(event);
    return canonicalJson(statement);
  }

  /** Both sides' statements, compared. @returns canonical JSON of `Reconciliation`. @throws REQUEST_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async compare(ctx: LedgerContext, mspId: string, counterparty: string, period: string): Promise<string> {
    const sides = [parseMspId(mspId, 'mspId'), parseMspId(counterparty, 'counterparty')] as const;
    const month = parsePeriod(period);
    const read = (from: string, to: string) =>
      readState<ReconciliationStatement>(ctx.stub, keyOf(ctx.stub, from, to, month));
    const statements = [await read(sides[0], sides[1]), await read(sides[1], sides[0])];
    return canonicalJson(
      compareStatements(
        month,
        statements.filter((each) => each !== undefined),
      ),
    );
  }
}

function requestOf({ requestId, counterparty, period, asked, received }: ReconciliationStatement): ReconcileRequest {
  return { requestId, counterparty, period, asked, received };
}

function keyOf(stub: StateStub, poster: string, counterparty: string, period: string): string {
  return stub.createCompositeKey('reconciliation', [poster, counterparty, period]);
}
