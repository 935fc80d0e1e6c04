import { type Actor, type Role } from '../domain/actor.js';
import { DomainError } from '../domain/errors.js';

type Callers = readonly Role[] | 'anyone';

const WRITERS: Callers = ['clerk', 'notary', 'officer'];
const VERIFIERS: Callers = ['clerk', 'notary', 'issuer', 'officer'];
const OFFICERS: Callers = ['officer'];
const STAFF: Callers = ['clerk', 'notary', 'issuer', 'officer', 'auditor', 'admin'];

/**
 * Who may call what, by `contract:transaction`. The whole answer to "which roles": rules about ownership stand in the
 * contracts' rules.ts. `anyone` includes certificates without `yz.role`, such as a gateway's own reading identity.
 * test/unit/chaincode/r02-roles.test.ts compares this table with the contracts' methods and calls every pair.
 */
export const CALLERS: Readonly<Record<string, Callers>> = {
  'evidence:register': WRITERS,
  'evidence:get': 'anyone',
  'evidence:find': 'anyone',
  'evidence:supersede': WRITERS,
  'evidence:object': WRITERS,
  'evidence:decideObjection': ['clerk'],
  'evidence:handOver': WRITERS,
  'evidence:answerTransfer': WRITERS,
  'evidence:recordAccess': [...WRITERS, 'auditor'],
  'evidence:history': STAFF,
  'batch:register': WRITERS,
  'batch:get': 'anyone',
  'proof:record': 'anyone',
  'proof:batch': 'anyone',
  'proof:digest': 'anyone',
  'proof:beat': 'anyone',
  'catalogue:publish': ['admin'],
  'catalogue:get': 'anyone',
  'catalogue:list': 'anyone',
  'attestation:request': OFFICERS,
  'attestation:deposit': OFFICERS,
  'attestation:answer': OFFICERS,
  'attestation:refuse': OFFICERS,
  'attestation:preview': OFFICERS,
  'attestation:accept': OFFICERS,
  'attestation:use': OFFICERS,
  'attestation:close': OFFICERS,
  'attestation:withdraw': OFFICERS,
  'attestation:purge': OFFICERS,
  'attestation:get': STAFF,
  'attestation:history': STAFF,
  'attestation:payloads': OFFICERS,
  'attestation-objection:file': WRITERS,
  'attestation-objection:resolve': OFFICERS,
  'reconciliation:post': ['officer', 'auditor'],
  'reconciliation:compare': ['officer', 'auditor', 'admin'],
  'consortium:configure': ['admin'],
  'consortium:get': 'anyone',
  'license:defineType': ['issuer'],
  'license:getType': 'anyone',
  'license:issue': ['issuer'],
  'license:operate': ['issuer'],
  'license:refuseRenewal': ['issuer'],
  'license:status': 'anyone',
  'license:compare': 'anyone',
  'license:history': ['issuer', 'auditor'],
  'licenseFields:keep': ['issuer'],
  'licenseFields:read': ['issuer'],
  'licenseFields:purge': ['issuer'],
  'licenseFields:enrol': ['issuer'],
  // The holder's signature decides, whoever passes it on.
  'holder:grant': 'anyone',
  'holder:revoke': 'anyone',
  'holder:requestRenewal': 'anyone',
  'holder:trail': 'anyone',
  'holder:matterTrail': 'anyone',
  'holder:use': VERIFIERS,
  'holder:deliver': VERIFIERS,
};

/**
 * Default deny: a transaction that the table does not name is refused to everybody.
 * @param transaction `contract:transaction`. @param readActor asked only where a role is needed.
 * @throws ROLE_NOT_ALLOWED, and what `readActor` throws
 */
export function checkCaller(transaction: string, readActor: () => Actor): void {
  const callers = Object.hasOwn(CALLERS, transaction) ? CALLERS[transaction] : [];
  if (callers === 'anyone') return;
  const wanted = callers ?? [];
  if (wanted.length > 0 && wanted.includes(readActor().role)) return;
  throw new DomainError('ROLE_NOT_ALLOWED', { wanted: wanted.length === 0 ? 'nobody' : wanted.join(', ') });
}
