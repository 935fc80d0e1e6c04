import { Info, Returns, Transaction } from 'fabric-contract-api';
import { canonicalJson } from '../../domain/canonical-json.js';
import { CONSORTIUM_EVENT_KIND, parseConfigureRequest } from '../../domain/consortium.js';
import { type Clock } from '../clock-guard.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { configure, isConfigured } from './rules.js';
import { readConsortium, writeConsortium } from './store.js';

/** Who the members are. Every other contract asks here whose peers may stand behind a record. */
@Info({ title: 'consortium', description: 'The member organisations of the channel.' })
export class ConsortiumContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('consortium', clock);
  }

  /**
   * Sets the member list. The first time any admin of a listed organisation may do it; later changes need, by the
   * key's own policy, the peers of a majority of the present members. The same list again writes nothing.
   * @param request JSON of `ConfigureRequest` (domain/consortium.ts).
   * @returns canonical JSON of the stored `Consortium`. @throws REQUEST_MALFORMED, CONSORTIUM_NOT_MEMBER
   */
  @Transaction()
  @Returns('string')
  async configure(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseConfigureRequest(request);
    const current = await readConsortium(ctx.stub);
    if (isConfigured(current, wanted)) return canonicalJson(current);
    const configured = configure(current, wanted, ctx.facts);
    await writeConsortium(ctx.stub, configured);
    ctx.emit({ kind: CONSORTIUM_EVENT_KIND, ...configured });
    return canonicalJson(configured);
  }

  /** @returns canonical JSON of `ConsortiumResult`; an unset list is an answer, not an error. */
  @Transaction(false)
  @Returns('string')
  async get(ctx: LedgerContext): Promise<string> {
    const current = await readConsortium(ctx.stub);
    return canonicalJson(current === undefined ? { configured: false } : { configured: true, ...current });
  }
}
