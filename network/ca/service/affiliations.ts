import { CaError } from './ca-error.js';
import { checkHolds, type Desk } from './desk.js';
import { type IdentityView, viewOf } from './identities.js';
import { type Identity } from './registry.js';
import { reaches, reserved } from './rights.js';

/** An affiliation with what hangs below it, as clients read it. */
export interface AffiliationView {
  readonly name: string;
  readonly affiliations?: readonly AffiliationView[];
  readonly identities?: readonly IdentityView[];
}

/** Everything below the caller's own affiliation. @throws CaError 403, 404 */
export function listAffiliations(desk: Desk, caller: Identity): AffiliationView {
  checkHolds(caller, reserved.affiliationManager);
  const visible = desk.registry.affiliations().filter((name) => reaches(caller, name));
  if (visible.length === 0) throw new CaError(404, 'gettingAffiliation', 'No affiliations are configured on the CA');
  if (caller.affiliation !== '') return treeOf(caller.affiliation, visible, []);
  const tops = visible.filter((name) => !name.includes('.'));
  return { name: '', affiliations: tops.map((name) => treeOf(name, visible, [])) };
}

/** One affiliation with its identities. @throws CaError 403, 404 */
export function showAffiliation(desk: Desk, caller: Identity, name: string): AffiliationView {
  checkManager(caller, name);
  return viewBelow(desk, name);
}

/** @param force makes the affiliations above it that are missing. @throws CaError 400, 403, 409 */
export function addAffiliation(desk: Desk, caller: Identity, name: string, force: boolean): AffiliationView {
  checkHolds(caller, reserved.affiliationManager);
  const known = desk.registry.affiliations();
  if (known.includes(name)) throw new CaError(409, 'addAffiliation', 'Affiliation already exists');
  if (!reaches(caller, name)) throw CaError.unauthorized();
  const parents = ancestorsOf(name);
  if (!force && !parents.every((parent) => known.includes(parent))) {
    const message = "Parent affiliation does not exist, 'force' option required on request to add affiliation";
    throw new CaError(400, 'addAffiliation', message);
  }
  desk.registry.addAffiliations([...parents, name]);
  return { name };
}

/** @param force removes what hangs below it, identities too. @throws CaError 400, 403, 404 */
export function removeAffiliation(desk: Desk, caller: Identity, name: string, force: boolean): AffiliationView {
  checkManager(caller, name);
  if (caller.affiliation === name) throw CaError.unauthorized();
  const view = viewBelow(desk, name);
  const { registry } = desk;
  const members = registry.identities().filter(({ affiliation }) => isBelow(affiliation, name));
  if (!force && (members.length > 0 || (view.affiliations ?? []).length > 0)) {
    const message = "Cannot delete affiliation because it has sub-affiliations or identities; 'force' removes them too";
    throw new CaError(400, 'removeAffiliation', message);
  }
  registry.atOnce(() => {
    members.forEach((member) => {
      registry.remove(member.name);
    });
    registry.removeAffiliations(registry.affiliations().filter((each) => isBelow(each, name)));
  });
  return view;
}

/** Renames an affiliation and what hangs below it. @param force takes its identities along. @throws CaError 400, 403, 404 */
export function renameAffiliation(
  desk: Desk,
  caller: Identity,
  { from, to, force }: { readonly from: string; readonly to: string; readonly force: boolean },
): AffiliationView {
  checkManager(caller, from);
  if (!reaches(caller, to)) throw CaError.unauthorized();
  viewBelow(desk, from); // Refuses one that is not there.
  const { registry } = desk;
  if (registry.affiliations().includes(to)) {
    throw new CaError(400, 'modifyAffiliation', `Affiliation '${to}' already exists`);
  }
  const members = registry.identities().filter(({ affiliation }) => isBelow(affiliation, from));
  if (!force && members.length > 0) {
    throw new CaError(400, 'modifyAffiliation', "Identities belong to it; 'force' changes them too");
  }
  const renamed = (name: string): string => `${to}${name.slice(from.length)}`;
  registry.atOnce(() => {
    const moved = registry.affiliations().filter((each) => isBelow(each, from));
    registry.removeAffiliations(moved);
    registry.addAffiliations([...ancestorsOf(to), ...moved.map(renamed)]);
    for (const member of members) registry.keep(moveIdentity(member, renamed(member.affiliation)));
  });
  return viewBelow(desk, to);
}

function moveIdentity(identity: Identity, affiliation: string): Identity {
  const attributes = identity.attributes.map((each) =>
    each.name === reserved.affiliation ? { ...each, value: affiliation } : each,
  );
  return { ...identity, affiliation, attributes };
}

function checkManager(caller: Identity, name: string): void {
  checkHolds(caller, reserved.affiliationManager);
  if (!reaches(caller, name)) throw CaError.unauthorized();
}

function viewBelow({ registry }: Desk, name: string): AffiliationView {
  const known = registry.affiliations();
  if (!known.includes(name)) {
    throw new CaError(404, 'notStored', 'Failed to get Affiliation: sql: no rows in result set');
  }
  return treeOf(name, known, registry.identities());
}

function treeOf(name: string, known: readonly string[], identities: readonly Identity[]): AffiliationView {
  const depth = name.split('.').length + 1;
  const children = known.filter((each) => each.startsWith(`${name}.`) && each.split('.').length === depth);
  const members = identities.filter(({ affiliation }) => affiliation === name);
  return {
    name,
    ...(children.length === 0 ? {} : { affiliations: children.map((child) => treeOf(child, known, identities)) }),
    ...(members.length === 0 ? {} : { identities: members.map(viewOf) }),
  };
}

/** `a` and `a.b` of `a.b.c`. */
function ancestorsOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

function isBelow(name: string, above: string): boolean {
  return name === above || name.startsWith(`${above}.`);
}
