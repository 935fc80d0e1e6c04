import { type Role } from '../domain/actor.js';
import { CliError } from './cli-error.js';

/** What is read of a topology's organisation to find its users; `network/plan` validates it. */
export interface OrganisationUsers {
  readonly mspId: string;
  /** Short name, such as `chongqing`. */
  readonly name: string;
  readonly domain: string;
  readonly users: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[];
}

/** A user who has a certificate in the data folder. */
export interface User {
  /** Full name, `clerk@chongqing.example`: the subject of tokens and the common name of the certificate. */
  readonly name: string;
  readonly mspId: string;
  readonly organisation: string;
  readonly role: string | undefined;
}

/** Every user of a topology in its order. */
export function listUsers(organisations: readonly OrganisationUsers[]): User[] {
  return organisations.flatMap(({ mspId, name: organisation, domain, users }) =>
    users.map(({ name, attributes }) => ({
      name: `${name}@${domain}`,
      mspId,
      organisation,
      role: attributes['yz.role'],
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
