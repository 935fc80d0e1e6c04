import { DomainError } from './errors.js';

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
    unit: match(
      facts.unit,
      /^[\p{L}\p{N}][\p{L}\p{N}（）()·-]{1,63}$/u,
      'yz.unit',
      'a unit code or name, 2 to 64 characters',
    ),
    region: match(facts.region, /^\d{6}$/, 'yz.region', 'six digits of GB/T 2260'),
  };
}

function match(value: string | undefined, shape: RegExp, attribute: string, wanted: string): string {
  if (value !== undefined && shape.test(value)) return value;
  throw malformed(attribute, wanted);
}

function malformed(attribute: string, wanted: string): DomainError {
  return new DomainError('ACTOR_MALFORMED', { attribute, wanted });
}
