import { type Actor } from '../../domain/actor.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { definerOf, type LicenseTypeCode } from '../../domain/license-id.js';
import {
  type Authority,
  type AuthorityUnit,
  type DefineTypeRequest,
  type LicenseType,
} from '../../domain/license-type.js';
import { type LicenseFace } from '../../domain/license.js';
import { type LicenseParts } from '../../domain/license-id.js';
import { type TxFacts } from '../ledger-context.js';

/**
 * Pure. A type is defined, and defined again, by the unit whose code begins its code; whoever came first keeps it from
 * a unit of the same code in another organisation. @throws LICENSE_AUTHORITY
 */
export function defineType(
  current: LicenseType | undefined,
  wanted: DefineTypeRequest,
  { actor, txId, txTime }: TxFacts,
): LicenseType {
  const definer = { mspId: current?.definedBy.mspId ?? actor.mspId, unit: definerOf(wanted.typeCode) };
  if (!isUnit(definer, actor)) throw new DomainError('LICENSE_AUTHORITY', { where: 'typeCode' });
  const revision = (current?.revision ?? 0) + 1;
  return { schema: 'license-type/1', ...wanted, revision, definedBy: actor, txId, txTime };
}

/** Pure. The present revision again, where the request that made it is repeated. @throws REQUEST_REUSED */
export function repeatOfType(current: LicenseType, wanted: DefineTypeRequest): string {
  const {
    schema: _schema,
    revision: _revision,
    definedBy: _definedBy,
    txId: _txId,
    txTime: _txTime,
    ...asked
  } = current;
  if (canonicalJson(asked) !== canonicalJson(wanted)) throw new DomainError('REQUEST_REUSED');
  return canonicalJson(current);
}

/** Pure. @throws LICENSE_TYPE_NOT_FOUND */
export function requireType(type: LicenseType | undefined, typeCode: LicenseTypeCode): LicenseType {
  if (type === undefined) throw new DomainError('LICENSE_TYPE_NOT_FOUND', { typeCode });
  return type;
}

/** Pure. The authority that the issuer code of an identifier stands for. @throws LICENSE_AUTHORITY where there is none */
export function authorityOf(type: LicenseType, { issuerCode }: LicenseParts): Authority {
  const authority = type.authorities.find(({ code }) => code === issuerCode);
  if (authority === undefined) throw new DomainError('LICENSE_AUTHORITY', { where: 'issuer' });
  return authority;
}

/** Pure. Issuing is for the authority alone. @throws LICENSE_AUTHORITY */
export function checkIssuer(authority: Authority, actor: Actor): void {
  if (!isUnit(authority, actor)) throw new DomainError('LICENSE_AUTHORITY', { where: 'caller' });
}

/** Pure. Changing is for the authority or its superior. @throws LICENSE_AUTHORITY */
export function checkAuthority(authority: Authority, actor: Actor): void {
  const superior = authority.superior !== undefined && isUnit(authority.superior, actor);
  if (!superior && !isUnit(authority, actor)) throw new DomainError('LICENSE_AUTHORITY', { where: 'caller' });
}

/** Pure. A face has each private field of its type, and no field that the type does not list. @throws LICENSE_FIELDS */
export function checkFace(type: LicenseType, face: LicenseFace): void {
  const listed = (privacy: string) => Object.keys(type.fields).filter((name) => type.fields[name] === privacy);
  const wanted = listed('private');
  const given = Object.keys(face.fields);
  const strays = Object.keys(face.unitCodes).filter((name) => !listed('unit-code').includes(name));
  const complete = given.length === wanted.length && wanted.every((name) => given.includes(name));
  if (!complete || strays.length > 0) throw new DomainError('LICENSE_FIELDS', { wanted: wanted.join(', ') });
}

/** Pure. Whether the caller's certificate is one of this unit's. */
export function isUnit({ mspId, unit }: AuthorityUnit, actor: Actor): boolean {
  return actor.mspId === mspId && actor.unit === unit;
}
