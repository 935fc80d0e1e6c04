import { DomainError } from './errors.js';
import { readFields, readShape } from './fields.js';

/** What a certificate's `yz.role` attribute may say. Citizens carry none: they read without an identity of their own. */
export const ROLES = ['clerk', 'notary', 'issuer', 'officer', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who signed a transaction, read from the X.509 certificate alone (requirement R01).
 * `name` is the certificate's common name: a post or staff number, never a person's name, because it stays on the chain.
 */
export interface Actor {
  readonly mspId: string;
  readonly name: string;
  readonly role: Role;
  /** Unified social credit code (GB 32100) or registered name of the unit that the person acts for. */
  readonly unit: string;
  /** GB/T 2260 code of the region, six digits. */
  readonly region: string;
}

/** What a certificate's `yz.unit` may look like: a code or a name of 2 to 64 characters. */
export const UNIT_SHAPE = /^[\p{L}\p{N}][\p{L}\p{N}（）()·-]{1,63}$/u;

/** Certificate fields as the chaincode's client identity gives them; `undefined` where an attribute is missing. */
export interface CertificateFacts {
  readonly mspId: string;
  readonly commonName: string | undefined;
  readonly role: string | undefined;
  readonly unit: string | undefined;
  readonly region: string | undefined;
}

/** @throws ACTOR_MALFORMED names the attribute that is missing or ill-formed. */
export function parseActor(facts: CertificateFacts): Actor {
  const role = ROLES.find((name) => name === facts.role);
  if (role === undefined) throw malformed('yz.role', `one of ${ROLES.join(', ')}`);
  return {
    mspId: facts.mspId,
    name: match(
      facts.commonName,
      /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/,
      'CN',
      'a post or staff number in ASCII, at most 64',
    ),
    role,
    unit: match(facts.unit, UNIT_SHAPE, 'yz.unit', 'a unit code or name, 2 to 64 characters'),
    region: match(facts.region, /^\d{6}$/, 'yz.region', 'six digits of GB/T 2260'),
  };
}

/** An organisation's MSP id as a request names it. @throws REQUEST_MALFORMED */
export function parseMspId(value: unknown, where: string): string {
  return readShape(value, /^[A-Za-z][A-Za-z0-9.-]{1,63}$/, where, 'an MSP id');
}

/** An actor as the chain wrote it down, in a record or an event. @throws REQUEST_MALFORMED, ACTOR_MALFORMED */
export function parseStoredActor(value: unknown): Actor {
  const fields = readFields(value, ['mspId', 'name', 'role', 'unit', 'region'], 'actor');
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return parseActor({
    mspId: parseMspId(fields.mspId, 'actor.mspId'),
    commonName: text('name'),
    role: text('role'),
    unit: text('unit'),
    region: text('region'),
  });
}

function match(value: string | undefined, shape: RegExp, attribute: string, wanted: string): string {
  if (value !== undefined && shape.test(value)) return value;
  throw malformed(attribute, wanted);
}

function malformed(attribute: string, wanted: string): DomainError {
  return new DomainError('ACTOR_MALFORMED', { attribute, wanted });
}
