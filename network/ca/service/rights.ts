import { CaError } from './ca-error.js';
import { type Attribute, type Identity } from './registry.js';

/** Attributes that mean something to the authority itself. Source: Fabric CA lib/attr/attribute.go. */
export const reserved = {
  roles: 'hf.Registrar.Roles',
  delegateRoles: 'hf.Registrar.DelegateRoles',
  registrarAttributes: 'hf.Registrar.Attributes',
  revoker: 'hf.Revoker',
  crlMaker: 'hf.GenCRL',
  intermediateCa: 'hf.IntermediateCA',
  affiliationManager: 'hf.AffiliationMgr',
  enrollmentId: 'hf.EnrollmentID',
  type: 'hf.Type',
  affiliation: 'hf.Affiliation',
} as const;

const flags: readonly string[] = [
  reserved.revoker,
  reserved.crlMaker,
  reserved.intermediateCa,
  reserved.affiliationManager,
];
const lists: readonly string[] = [reserved.roles, reserved.delegateRoles, reserved.registrarAttributes];
const fixed: readonly string[] = [reserved.enrollmentId, reserved.type, reserved.affiliation];
/** What Go's strconv.ParseBool takes for true. */
const truths: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const falsehoods: readonly string[] = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** @returns an attribute's value, or `undefined` where the identity has none of that name. */
export function valueOf(identity: Pick<Identity, 'attributes'>, name: string): string | undefined {
  return identity.attributes.find((each) => each.name === name)?.value;
}

/** Whether a boolean attribute of an identity says yes. */
export function holds(identity: Identity, name: string): boolean {
  return truths.includes(valueOf(identity, name) ?? '');
}

/** Whether an identity may act on an affiliation: its own, one below, or any for the root. */
export function reaches(caller: Identity, affiliation: string): boolean {
  const own = caller.affiliation;
  return own === '' || affiliation === own || affiliation.startsWith(`${own}.`);
}

/** Whether an identity registers others of a type. Source: Fabric CA lib/serverrequestcontext.go, canActOnType. */
export function registers(caller: Identity, type: string): boolean {
  const roles = listOf(valueOf(caller, reserved.roles));
  return roles.includes('*') || roles.some((each) => each.toLowerCase() === (type || 'client').toLowerCase());
}

/** @throws CaError 403 where the caller may not manage an identity of this type and affiliation */
export function checkManages(caller: Identity, { type, affiliation }: Pick<Identity, 'type' | 'affiliation'>): void {
  if (!reaches(caller, affiliation) || !registers(caller, type)) throw CaError.unauthorized();
}

/**
 * Whether a registrar may give these attributes to an identity. Nobody gives what it does not have.
 * @param before the identity as it is, for a change. Source: Fabric CA lib/attr/attribute.go.
 */
export function mayGive(registrar: Identity, wanted: readonly Attribute[], before?: Identity): boolean {
  const givable = listOf(valueOf(registrar, reserved.registrarAttributes));
  const owned = (name: string): boolean =>
    [...wanted, ...(before?.attributes ?? [])].some((attribute) => attribute.name === name);
  return wanted.every(({ name, value }) => {
    if (!isListed(name, givable) || fixed.includes(name)) return false;
    if (flags.includes(name)) return holds(registrar, name) && (value === '' || isBoolean(value));
    if (!lists.includes(name)) return true;
    const own = valueOf(registrar, name);
    return own !== undefined && (value === '' || isGivableList(name, listOf(value), listOf(own), owned));
  });
}

function isGivableList(
  name: string,
  wanted: readonly string[],
  own: readonly string[],
  owned: (name: string) => boolean,
): boolean {
  if (name === reserved.registrarAttributes) {
    return wanted.every((each) => isListed(each, own) && (!each.startsWith('hf.') || owned(each)));
  }
  if (name === reserved.delegateRoles && !owned(reserved.roles)) return false;
  const known = own.map((each) => each.toLowerCase());
  return own.includes('*') || wanted.every((each) => known.includes(each.toLowerCase()));
}

/** Whether a name stands in a list that may end its entries in `*`. */
function isListed(name: string, list: readonly string[]): boolean {
  return list.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name));
}

function isBoolean(value: string): boolean {
  return truths.includes(value) || falsehoods.includes(value);
}

function listOf(value = ''): string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
