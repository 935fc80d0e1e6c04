import { type Actor } from '../../domain/actor.js';
import { type EntryId, type EntryPrefix, idFromDigest, type RequestId } from '../../domain/ids.js';
import { type LicenseKey, type LicenseParts } from '../../domain/license-id.js';
import { type LicenseType } from '../../domain/license-type.js';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { type KeyPolicy, ownerAndOneMore } from '../endorsement-policy.js';
import { type StateStub } from '../state.js';
import { type LicenseStore } from './store.js';
import { authorityOf, checkAuthority, requireType } from './type-rules.js';

/** The type of a licence. @throws LICENSE_TYPE_NOT_FOUND */
export async function readType(store: LicenseStore, { typeCode }: LicenseParts): Promise<LicenseType> {
  return requireType(await store.type(typeCode), typeCode);
}

/** The type of a licence that the caller's unit may change. @throws LICENSE_TYPE_NOT_FOUND, LICENSE_AUTHORITY */
export async function readOwnType(store: LicenseStore, parts: LicenseParts, actor: Actor): Promise<LicenseType> {
  const type = await readType(store, parts);
  checkAuthority(authorityOf(type, parts), actor);
  return type;
}

/** The organisation's peer and one more endorse changes of what it owns. @throws CONSORTIUM_UNSET, CONSORTIUM_NOT_MEMBER */
export async function policyOf(stub: StateStub, mspId: string): Promise<KeyPolicy> {
  const members = requireMembers(await readConsortium(stub));
  checkMember(mspId, members, 'caller');
  return ownerAndOneMore(mspId, members);
}

/** The id of an act or use: the same caller and request id give the same id on every peer and retry. */
export function deriveLicenseEntryId(
  prefix: EntryPrefix,
  { mspId, unit, name }: Actor,
  key: LicenseKey,
  requestId: RequestId,
): EntryId {
  const parts = canonicalJson([mspId, unit, name, key, requestId]);
  return idFromDigest(prefix, createHash('sha256').update(parts).digest('hex'));
}

/** The first answer again, where the request is the same. @throws REQUEST_REUSED */
export function repeatOf(stored: { readonly request: object }, wanted: object): string {
  if (canonicalJson(stored.request) !== canonicalJson(wanted)) throw new DomainError('REQUEST_REUSED');
  return canonicalJson(stored);
}
