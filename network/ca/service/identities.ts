import { randomBytes } from 'node:crypto';

import { CaError, type caCodes } from './ca-error.js';
import { type Desk, findIdentity } from './desk.js';
import { type Attribute, type Identity } from './registry.js';
import { type Registration } from './requests.js';
import { checkManages, mayGive, reaches, registers, reserved, valueOf } from './rights.js';

const secretBytes = 9;
const unbounded = -1;
/** In a change, the number that stands for no enrolments; 0 means "as before". */
const noEnrollments = -2;
/** How Fabric CA writes the root among affiliations. */
const root = '.';

/** An identity as clients read it. */
export interface IdentityView {
  readonly id: string;
  readonly type: string;
  readonly affiliation: string;
  readonly attrs: readonly Attribute[];
  readonly max_enrollments: number;
}

/** @returns what clients see of an identity; never its secret */
export function viewOf({ name, type, affiliation, attributes, maxEnrollments }: Identity): IdentityView {
  return { id: name, type, affiliation, attrs: attributes, max_enrollments: maxEnrollments };
}

/**
 * Registers an identity in a registrar's name. @returns its secret, made here where none was given; said only now
 * @throws CaError 400, 403, 409. Source: Fabric CA lib/serverregister.go.
 */
export function register(
  desk: Desk,
  registrar: Identity,
  wanted: Registration,
): { identity: Identity; secret: string } {
  const { id: name = '' } = wanted;
  if (name === '') throw new CaError(400, 'addIdentity', "Missing 'ID' in request to add a new identity");
  const type = wanted.type === '' ? registrar.type : wanted.type;
  const affiliation = affiliationOf(wanted.affiliation, registrar.affiliation);
  if (!registers(registrar, type) || !reaches(registrar, affiliation)) throw CaError.unauthorized();
  checkAffiliation(desk, affiliation, 404, 'gettingAffiliation');
  if (!mayGive(registrar, wanted.attrs)) throw CaError.unauthorized();
  const maxEnrollments = agreedEnrollments(wanted.max_enrollments);
  if (desk.registry.find(name) !== undefined) {
    throw new CaError(409, 'identityRegistered', `Identity '${name}' is already registered`);
  }
  const secret = wanted.secret === '' ? randomBytes(secretBytes).toString('base64url') : wanted.secret;
  const own = { [reserved.enrollmentId]: name, [reserved.type]: type, [reserved.affiliation]: affiliation };
  const attributes = merge(wanted.attrs, own);
  const identity = { name, type, affiliation, attributes, maxEnrollments, state: 0, failed: 0 };
  desk.registry.keep(identity, secret);
  return { identity, secret };
}

/** The identities that a registrar manages. @throws CaError 403 for anybody else */
export function list(desk: Desk, caller: Identity): IdentityView[] {
  if ((valueOf(caller, reserved.roles) ?? '') === '') throw CaError.unauthorized();
  const managed = desk.registry
    .identities()
    .filter(({ affiliation, type }) => reaches(caller, affiliation) && registers(caller, type));
  return managed.map(viewOf);
}

/** One identity. @throws CaError 403, 404 */
export function show(desk: Desk, caller: Identity, name: string): IdentityView {
  const identity = findIdentity(desk, name);
  checkManages(caller, identity);
  return viewOf(identity);
}

/** Changes an identity; its certificates stay as they are. @throws CaError 400, 403, 404 */
export function modify(desk: Desk, caller: Identity, name: string, wanted: Registration): IdentityView {
  const before = findIdentity(desk, name);
  checkManages(caller, before);
  const affiliation = affiliationOf(wanted.affiliation, before.affiliation);
  checkAffiliation(desk, affiliation, 400, 'modifyingIdentity');
  const type = wanted.type === '' ? before.type : wanted.type;
  checkManages(caller, { type, affiliation });
  if (wanted.attrs.length > 0 && !mayGive(caller, wanted.attrs, before)) throw CaError.unauthorized();
  const own = {
    ...(wanted.affiliation === '' ? {} : { [reserved.affiliation]: affiliation }),
    ...(wanted.type === '' ? {} : { [reserved.type]: type }),
  };
  const identity: Identity = {
    ...before,
    type,
    affiliation,
    attributes: merge([...before.attributes, ...wanted.attrs], own),
    maxEnrollments: maxAfter(before.maxEnrollments, wanted.max_enrollments),
    failed: wanted.secret === '' ? before.failed : 0,
  };
  desk.registry.keep(identity, wanted.secret === '' ? undefined : wanted.secret);
  return viewOf(identity);
}

/** Forgets an identity. Its certificates stay valid until they are revoked. @throws CaError 403, 404 */
export function remove(desk: Desk, caller: Identity, name: string, force: boolean): IdentityView {
  if (name === caller.name && !force) {
    throw new CaError(403, 'removeIdentity', "Need to use 'force' option to delete your own identity");
  }
  const identity = findIdentity(desk, name);
  checkManages(caller, identity);
  desk.registry.remove(name);
  return viewOf(identity);
}

function affiliationOf(wanted: string, otherwise: string): string {
  if (wanted === root) return '';
  return wanted === '' ? otherwise : wanted;
}

function checkAffiliation({ registry }: Desk, name: string, status: number, code: keyof typeof caCodes): void {
  if (name === '' || registry.affiliations().includes(name)) return;
  throw new CaError(status, code, `Affiliation '${name}' is not supported`);
}

/** @param wanted 0: as many as the authority allows, which knows no bound */
function agreedEnrollments(wanted: number): number {
  if (wanted >= unbounded) return wanted === 0 ? unbounded : wanted;
  const message = `Max enrollment in registration request may not be less than -1, but was ${wanted}`;
  throw new CaError(400, 'invalidMaxEnrollments', message);
}

function maxAfter(before: number, wanted: number): number {
  if (wanted === noEnrollments) return 0;
  return wanted === 0 ? before : wanted;
}

/** The last word on an attribute counts; an empty one takes it away. */
function merge(wanted: readonly Attribute[], own: Readonly<Record<string, string>>): Attribute[] {
  const ours = Object.entries(own).map(([name, value]) => ({ name, value, ecert: true }));
  const byName = new Map(wanted.filter(({ name }) => !(name in own)).map((each) => [each.name, each]));
  return [...[...byName.values()].filter(({ value }) => value !== ''), ...ours];
}
