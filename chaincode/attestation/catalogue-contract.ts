import { Info, Returns, Transaction } from 'fabric-contract-api';
import { parseMspId } from '../../domain/actor.js';
import {
  type AttestationItem,
  type ItemPage,
  type ItemResult,
  parsePublishItemRequest,
  type PublishItemRequest,
} from '../../domain/attestation-item.js';
import { type AttestationEvent } from '../../domain/attestation-event.js';
import { parseItemId } from '../../domain/attestation-shapes.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { optional } from '../../domain/fields.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { checkSame, isSameCaller } from './repeats.js';
import { AttestationStore } from './store.js';

/** 共享目录: what each organisation attests, to whom, for what and how fast. */
@Info({ title: 'catalogue', description: 'Items that may be attested across regions.' })
export class CatalogueContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('catalogue', clock);
  }

  /**
   * Publishes an item of the caller's organisation, or its next version. Requests made before keep theirs.
   * @param request JSON of `PublishItemRequest`. @returns canonical JSON of the stored `AttestationItem`.
   * @throws REQUEST_MALFORMED, ID_MALFORMED, REQUEST_REUSED, CONSORTIUM_UNSET, CONSORTIUM_NOT_MEMBER
   */
  @Transaction()
  @Returns('string')
  async publish(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parsePublishItemRequest(request);
    const { actor, txId, txTime } = ctx.facts;
    const store = new AttestationStore(ctx.stub);
    const present = await store.item(actor.mspId, wanted.itemId);
    if (present?.requestId === wanted.requestId && isSameCaller(present.publisher, actor)) {
      checkSame(requestOf(present), wanted);
      return canonicalJson(present);
    }
    const members = requireMembers(await readConsortium(ctx.stub));
    checkMember(actor.mspId, members, 'caller');
    const version = (present?.version ?? 0) + 1;
    const item: AttestationItem = {
      schema: 'attestation-item/1',
      mspId: actor.mspId,
      version,
      publisher: actor,
      txId,
      txTime,
      ...wanted,
    };
    await store.putItem(item, members);
    const { itemId } = item;
    const event: AttestationEvent = { kind: 'catalogue.published', actor, txTime, itemId, version };
    ctx.emit(event);
    return canonicalJson(item);
  }

  /** @returns canonical JSON of `ItemResult`. @throws REQUEST_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async get(ctx: LedgerContext, mspId: string, itemId: string): Promise<string> {
    const item = await new AttestationStore(ctx.stub).item(parseMspId(mspId, 'mspId'), parseItemId(itemId));
    const result: ItemResult = item === undefined ? { found: false } : { found: true, ...item };
    return canonicalJson(result);
  }

  /**
   * An organisation's items by number. @param bookmark empty for the first page, else the one the page before gave.
   * @returns canonical JSON of `ItemPage`. @throws REQUEST_MALFORMED
   */
  @Transaction(false)
  @Returns('string')
  async list(ctx: LedgerContext, mspId: string, bookmark: string): Promise<string> {
    const from = bookmark === '' ? undefined : parseItemId(bookmark, 'bookmark');
    const { items, next } = await new AttestationStore(ctx.stub).items(parseMspId(mspId, 'mspId'), from);
    const page: ItemPage = { items, ...optional('bookmark', next) };
    return canonicalJson(page);
  }
}

function requestOf(item: AttestationItem): PublishItemRequest {
  const { schema: _, mspId: __, version: ___, publisher: ____, txId: _____, txTime: ______, ...request } = item;
  return request;
}
