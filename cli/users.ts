import { type Role } from '../domain/actor.js';
import { CliError } from './cli-error.js';

/** What is read of a topology's organisation to find its users; `network/plan` validates it. */
export interface OrganisationUsers {
  readonly mspId: string;
  /** Short name, such as `chongqing`. */
  readonly name: string;
  readonly domain: string;
  /** What people read beside the MSP id. */
  readonly title?: { readonly zh: string; readonly en: string } | undefined;
  readonly users: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[];
}

/** A user who has a certificate in the data folder. */
export interface User {
  /** Full name, `clerk@chongqing.example`: the subject of tokens and the common name of the certificate. */
  readonly name: string;
  readonly mspId: string;
  readonly organisation: string;
  readonly role: string | undefined;
  /** The unit that the user acts for, as the certificate names it. */
  readonly unit: string | undefined;
}

/** Every user of a topology in its order. */
export function listUsers(organisations: readonly OrganisationUsers[]): User[] {
  return organisations.flatMap(({ mspId, name: organisation, domain, users }) =>
    users.map(({ name, attributes }) => ({
      name: `${name}@${domain}`,
      mspId,
      organisation,
      role: attributes['yz.role'],
      unit: attributes['yz.unit'],
    })),
  );
}

/**
 * Finds whom a short form means: `clerk@chongqing.example`, `clerk@chongqing`, `clerk@ChongqingMSP`, or `clerk` where
 * one organisation alone has such a user.
 * @throws USER_UNKNOWN where it means nobody or several; it names those who exist.
 */
export function resolveUser(organisations: readonly OrganisationUsers[], text: string): User {
  const at = text.indexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const place = at < 0 ? undefined : text.slice(at + 1);
  const found = organisations
    .filter((each) => place === undefined || [each.domain, each.name, each.mspId].includes(place))
    .flatMap((each) => listUsers([{ ...each, users: each.users.filter((user) => user.name === name) }]));
  const [user, ...others] = found;
  if (user === undefined || others.length > 0) {
    const names = (found.length > 0 ? found : listUsers(organisations)).map((each) => each.name);
    throw new CliError('USER_UNKNOWN', { wanted: `one of ${names.join(', ')}` });
  }
  return user;
}

/** The first user of this role in the topology. @throws USER_UNKNOWN where there is none */
export function firstUserOf(organisations: readonly OrganisationUsers[], role: Role): User {
  const user = listUsers(organisations).find((each) => each.role === role);
  if (user === undefined) throw new CliError('USER_UNKNOWN', { wanted: `a user whose yz.role is ${role}` });
  return user;
}

/**
 * Refuses an act that binds somebody until it is said who: a signer that nobody chose would answer for it.
 * @param name as the caller wrote it after `--as`. @param roles who may sign. @throws USAGE that names them
 */
export function requireSigner(
  organisations: readonly OrganisationUsers[],
  name: string | undefined,
  roles: readonly Role[],
): string {
  if (name !== undefined) return name;
  const able = listUsers(organisations).filter(({ role }) => roles.some((each) => each === role));
  throw new CliError('USAGE', {
    option: '--as',
    wanted: `who signs, one of ${able.map((user) => user.name).join(', ')}`,
  });
}

/**
 * Refuses to offer custody to a unit that nobody of the named organisation acts for: nobody could ever sign for it, and
 * the record would stay with an offer until that is withdrawn.
 * @throws USAGE that names the organisation's units, or the organisation that the unit belongs to
 */
export function checkReceiver(organisations: readonly OrganisationUsers[], mspId: string, unit: string): void {
  const owners = listUsers(organisations).filter((user) => user.unit === unit);
  if (owners.some((user) => user.mspId === mspId)) return;
  const own = listUsers(organisations).filter((user) => user.mspId === mspId && user.role !== 'admin');
  const units = [...new Set(own.flatMap((user) => (user.unit === undefined ? [] : [`${mspId}:${user.unit}`])))];
  const elsewhere = owners[0] === undefined ? undefined : `${owners[0].mspId}:${unit}`;
  const known = organisations.map((each) => each.mspId).join(', ');
  const wanted = elsewhere ?? (units.length > 0 ? units.join(', ') : `an organisation with users: ${known}`);
  throw new CliError('USAGE', { option: '--to', wanted: `a unit that somebody acts for: ${wanted}` });
}
